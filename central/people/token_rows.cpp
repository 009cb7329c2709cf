#include "central/people/audit_rows.hpp"
#include "central/people/token_store.hpp"
#include "central/store/secret_rows.hpp"

namespace kaiku::central::people {
namespace {

constexpr std::size_t kIdDigits = 16;

TokenView view_of(const sql::Row& row) {
    TokenView token{token_id(row.view(0)), row.text(1), time_of(row.integer(2)), {}};
    if (!row.is_null(3)) token.expires_at = time_of(row.integer(3));
    return token;
}

class SqlTokenStore final : public TokenStore {
  public:
    SqlTokenStore(std::shared_ptr<sql::Database> database, std::string organiser)
        : database_(std::move(database)), organiser_(std::move(organiser)) {}

    Status add(const std::string& hash, const std::string& scope,
               std::optional<survey::UtcSeconds> expires_at, const Change& change) override {
        Secret secret;
        secret.hash = hash;
        secret.kind = SecretKind::token;
        secret.scope = scope;
        secret.created_at = change.at;
        secret.expires_at = expires_at;
        const std::string object = token_id(hash) + " " + scope;
        return logged("token create", object, change, [&](Scope rows) -> Status {
            insert_secret(rows, secret);
            return {};
        });
    }

    Result<std::vector<TokenView>> tokens() override {
        return database_->read(
            "reading the tokens", [&](sql::Connection& db) -> Result<std::vector<TokenView>> {
                return db.all(
                    "SELECT hash, scope, created_at, expires_at FROM secrets"
                    " WHERE organiser = $1 AND kind = 'token' ORDER BY created_at, hash",
                    {organiser_}, view_of);
            });
    }

    Status revoke(const std::string& id, const Change& change) override {
        return logged("token revoke", id, change, [&](Scope rows) -> Status {
            const auto gone = rows.db.execute(
                "DELETE FROM secrets WHERE organiser = $1 AND kind = 'token'"
                " AND substr(hash, 1, 16) = $2",
                {rows.organiser, id});
            if (gone > 0) return {};
            return fail(Errc::not_found, "token '" + id + "' does not exist");
        });
    }

  private:
    /// The change and its entry, or neither.
    template <class F>
    Status logged(const std::string& what, const std::string& object, const Change& change,
                  F make) {
        return database_->write("changing tokens", [&](sql::Connection& db) -> Status {
            const Scope rows{db, organiser_};
            if (Status held = hold_log(rows); !held) return held;
            if (Status made = make(rows); !made) return made;
            insert_entry(rows, {change.at, change.who, what, object, change.from});
            return {};
        });
    }

    std::shared_ptr<sql::Database> database_;
    std::string organiser_;
};

}  // namespace

std::string token_id(std::string_view hash) { return std::string(hash.substr(0, kIdDigits)); }

std::unique_ptr<TokenStore> sql_token_store(std::shared_ptr<sql::Database> database,
                                            std::string organiser) {
    return std::make_unique<SqlTokenStore>(std::move(database), std::move(organiser));
}

}  // namespace kaiku::central::people

#include "central/people/password.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include "survey/utf8.hpp"

namespace kaiku::central::people {
namespace {

constexpr std::size_t kLeast = 15;
constexpr std::size_t kMostBytes = 1024;

/// The words that lists of leaked passwords are made of, in the three languages; digits and marks
/// around them make nothing better.
constexpr std::array<std::string_view, 76> kCommon{"password",
                                                   "passwort",
                                                   "salasana",
                                                   "losenord",
                                                   "lösenord",
                                                   "qwertyuiop",
                                                   "qwerty",
                                                   "asdfghjkl",
                                                   "asdf",
                                                   "zxcvbnm",
                                                   "zxcv",
                                                   "letmein",
                                                   "welcome",
                                                   "tervetuloa",
                                                   "valkommen",
                                                   "admin",
                                                   "administrator",
                                                   "root",
                                                   "user",
                                                   "login",
                                                   "master",
                                                   "dragon",
                                                   "monkey",
                                                   "football",
                                                   "baseball",
                                                   "iloveyou",
                                                   "sunshine",
                                                   "princess",
                                                   "superman",
                                                   "batman",
                                                   "pokemon",
                                                   "starwars",
                                                   "trustno",
                                                   "secret",
                                                   "salainen",
                                                   "hemlig",
                                                   "test",
                                                   "testi",
                                                   "kaiku",
                                                   "palaute",
                                                   "feedback",
                                                   "sairaala",
                                                   "hoitaja",
                                                   "laakari",
                                                   "terveys",
                                                   "hyvinvointi",
                                                   "hyvinvointialue",
                                                   "suomi",
                                                   "finland",
                                                   "helsinki",
                                                   "perkele",
                                                   "saatana",
                                                   "kissa",
                                                   "koira",
                                                   "kulta",
                                                   "rakas",
                                                   "aurinko",
                                                   "kesa",
                                                   "talvi",
                                                   "syksy",
                                                   "kevat",
                                                   "summer",
                                                   "winter",
                                                   "spring",
                                                   "autumn",
                                                   "sommar",
                                                   "monday",
                                                   "january",
                                                   "changeme",
                                                   "default",
                                                   "abc",
                                                   "abcdefghijklmnopqrstuvwxyz",
                                                   "my",
                                                   "the",
                                                   "this",
                                                   "is"};

/// Small letters alone, what stands for a letter (0 for o) read as it.
std::string bare_letters(std::string_view text) {
    std::string bare;
    for (const char letter : text) {
        constexpr std::string_view kStandIns = "0134578@$";
        constexpr std::string_view kFor = "oleastbas";
        const auto stand_in = kStandIns.find(letter);
        if (stand_in != std::string_view::npos) {
            bare += kFor[stand_in];
        } else if (letter >= 'A' && letter <= 'Z') {
            bare += static_cast<char>(letter - 'A' + 'a');
        } else if ((letter >= 'a' && letter <= 'z') || (letter & '\x80') != 0) {
            bare += letter;
        }
    }
    return bare;
}

std::string without_digits_and_marks(std::string_view text) {
    std::string letters;
    for (const char letter : text) {
        const bool is_letter = (letter >= 'a' && letter <= 'z') ||
                               (letter >= 'A' && letter <= 'Z') || (letter & '\x80') != 0;
        if (is_letter) letters += letter;
    }
    return letters;
}

/// Whether the text is nothing but words of the list (and the person's name), one after another.
bool is_made_of(std::string_view text, std::span<const std::string_view> words) {
    std::vector<bool> reached(text.size() + 1, false);
    reached[0] = true;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (!reached[at]) continue;
        for (const std::string_view word : words) {
            if (!word.empty() && text.substr(at).starts_with(word)) {
                reached[at + word.size()] = true;
            }
        }
    }
    return reached[text.size()];
}

bool is_repetition(std::string_view text) {
    for (std::size_t period = 1; period <= std::min<std::size_t>(text.size() / 2, 5); ++period) {
        if (text.substr(period) == text.substr(0, text.size() - period)) return true;
    }
    return false;
}

/// Characters that each follow the one before, up or down, nine before nought.
bool is_sequence(std::string_view text) {
    std::size_t steps = 0;
    for (std::size_t at = 1; at < text.size(); ++at) {
        const int difference = text[at] - text[at - 1];
        const bool turn =
            (text[at] == '0' && text[at - 1] == '9') || (text[at] == '9' && text[at - 1] == '0');
        steps += difference == 1 || difference == -1 || turn ? 1U : 0U;
    }
    return steps + 2 >= text.size();
}

/// Gives its place back at the end.
class Place {
  public:
    explicit Place(std::counting_semaphore<>& all) : all_(all) {}
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    ~Place() { all_.release(); }

  private:
    std::counting_semaphore<>& all_;
};

tl::unexpected<Error> too_many() {
    return fail(Errc::busy, "too many people sign in just now; try again in a moment");
}

}  // namespace

Status check_new_password(std::string_view password, std::string_view person) {
    if (password.size() > kMostBytes || !survey::is_valid_utf8(password)) {
        return fail(Errc::invalid, "password: use at most 1024 bytes of UTF-8");
    }
    const auto characters =
        std::ranges::count_if(password, [](char letter) { return (letter & '\xC0') != '\x80'; });
    if (static_cast<std::size_t>(characters) < kLeast) {
        return fail(Errc::invalid,
                    "password: use at least 15 characters; four words that do not belong together "
                    "make a good one");
    }
    const std::string own = bare_letters(person);
    std::vector<std::string_view> words(kCommon.begin(), kCommon.end());
    words.push_back(own);
    const std::string plain = bare_letters(without_digits_and_marks(password));
    if (is_made_of(bare_letters(password), words) || is_made_of(plain, words) ||
        is_repetition(password) || is_sequence(password)) {
        return fail(Errc::invalid, "password: this one is among the first that strangers try");
    }
    return {};
}

PasswordHasher::PasswordHasher(HashCost cost, std::ptrdiff_t at_once,
                               std::chrono::milliseconds patience)
    : cost_(cost), free_(at_once), patience_(patience) {}

Result<std::string> PasswordHasher::hash(std::string_view password) {
    if (!free_.try_acquire_for(patience_)) return too_many();
    const Place place(free_);
    std::string made(crypto_pwhash_STRBYTES, '\0');
    if (crypto_pwhash_str_alg(made.data(), password.data(), password.size(), cost_.passes,
                              cost_.memory_bytes, crypto_pwhash_ALG_ARGON2ID13) != 0) {
        return fail(Errc::full, "password: there is no memory left to hash it; try again");
    }
    made.resize(made.find('\0'));
    return made;
}

Result<bool> PasswordHasher::matches(const std::optional<std::string>& hash,
                                     std::string_view password) {
    if (password.size() > kMostBytes) return false;
    if (!hash) {
        const auto spent = this->hash(password);
        if (!spent) return tl::make_unexpected(spent.error());
        return false;
    }
    if (!free_.try_acquire_for(patience_)) return too_many();
    const Place place(free_);
    return crypto_pwhash_str_verify(hash->c_str(), password.data(), password.size()) == 0;
}

}  // namespace kaiku::central::people

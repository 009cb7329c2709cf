#include "tests/support/postgres.hpp"

#include <libpq-fe.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <thread>

#include "tests/support/temp_dir.hpp"

namespace kaiku::test {
namespace {

/// The script stops the server when its standard input ends, which this process holds.
class Server {
  public:
    Server() {
        const std::string command =
            "exec '" KAIKU_SOURCE_DIR "/tests/support/postgres_server.sh' '" +
            (dir_.path() / "pg").string() + "' fsync=off deadlock_timeout=20ms";
        pipe_ = ::popen(command.c_str(), "w");
        if (pipe_ == nullptr) throw std::runtime_error("no PostgreSQL server");
        for (int wait = 0; wait < 1200 && uri_.empty(); ++wait) {
            std::ifstream file(dir_.path() / "pg" / "uri");
            if (file && std::getline(file, uri_)) break;
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
        if (uri_.empty()) throw std::runtime_error("the PostgreSQL server did not start");
    }
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    ~Server() { ::pclose(pipe_); }

    std::string new_database() {
        const std::string name = "kaiku_" + std::to_string(++databases_);
        const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(PQconnectdb(uri_.c_str()),
                                                                      &PQfinish);
        const std::unique_ptr<PGresult, decltype(&PQclear)> made(
            PQexec(connection.get(), ("CREATE DATABASE " + name).c_str()), &PQclear);
        if (PQresultStatus(made.get()) != PGRES_COMMAND_OK) {
            throw std::runtime_error(PQerrorMessage(connection.get()));
        }
        std::string uri = uri_;
        return uri.replace(uri.find("///kaiku?") + 3, 5, name);
    }

  private:
    TempDir dir_;
    std::FILE* pipe_ = nullptr;
    std::string uri_;
    int databases_ = 0;
};

}  // namespace

std::string new_postgres_database() {
    static Server server;
    return server.new_database();
}

}  // namespace kaiku::test

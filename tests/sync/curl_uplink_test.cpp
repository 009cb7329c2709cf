#include "sync/curl_uplink.hpp"

#include <curl/curl.h>

#include <cstdlib>

#include "tests/support/catch.hpp"
#include "tests/support/scripted_server.hpp"
#include "tests/support/temp_dir.hpp"

using namespace kaiku;
using namespace kaiku::sync;
using kaiku::test::http_reply;
using kaiku::test::make_certificates;
using kaiku::test::ScriptedServer;
using kaiku::test::ServerName;
using kaiku::test::Validity;

namespace {

std::unique_ptr<Uplink> uplink_to(const std::string& url, const std::string& ca_file = {}) {
    CurlUplinkOptions options;
    options.central_url = url;
    options.ca_file = ca_file;
    options.connect_timeout = std::chrono::milliseconds{5000};
    options.total_timeout = std::chrono::milliseconds{10'000};
    options.user_agent = "kaiku-test/1";
    auto uplink = make_curl_uplink(options);
    if (!uplink) FAIL(uplink.error().detail);
    return std::move(*uplink);
}

std::string ok() { return http_reply("200 OK", "application/json", "{\"fine\":true}"); }

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// Sets a variable of the environment while it lives.
class Environment {
  public:
    Environment(const char* name, const std::string& value) : name_(name) {
        ::setenv(name, value.c_str(), 1);
    }
    ~Environment() { ::unsetenv(name_); }
    Environment(const Environment&) = delete;
    Environment& operator=(const Environment&) = delete;

  private:
    const char* name_;
};

}  // namespace

TEST_CASE("an address that is no plain https one is refused without repeating it") {
    for (const char* url : {"",
                            "central",
                            "ftp://central.example",
                            "file:///etc/passwd",
                            "https://",
                            "http://central.example",
                            "http://10.0.0.1",
                            "http://128.0.0.1",
                            "http://0.0.0.0",
                            "http://127.0.0.1.example.com",
                            "http://localhost.example.com",
                            "http://[::2]",
                            "https://user@central.example",
                            "https://user:hush@central.example",
                            "https://:hush@central.example",
                            "https://central.example/?a=hush",
                            "https://central.example/#hush",
                            "https://central.example:99999",
                            "https://a b",
                            "http://127.0.0.1@central.example"}) {
        INFO(url);
        CurlUplinkOptions options;
        options.central_url = url;
        const auto uplink = make_curl_uplink(options);
        REQUIRE_FALSE(uplink);
        CHECK(uplink.error().code == Errc::invalid);
        CHECK_FALSE(has(uplink.error().detail, "hush"));
    }
}

TEST_CASE("https anywhere and plain http to this machine are accepted") {
    for (const char* url : {"https://central.example", "https://central.example:8443/kaiku/",
                            "http://127.0.0.1:8080", "http://127.200.3.4", "http://localhost:1",
                            "http://LOCALHOST", "http://[::1]:8080", "HTTPS://central.example"}) {
        INFO(url);
        CurlUplinkOptions options;
        options.central_url = url;
        CHECK(make_curl_uplink(options));
    }
}

TEST_CASE("a post carries body, path and type, and the credential in its header alone") {
    ScriptedServer server({{ok()}});
    auto uplink = uplink_to(server.http_url() + "/prefix/");
    const auto reply = uplink->post({"/v1/batches", "hush", "{\"a\":\"ä\"}"});
    REQUIRE(reply);
    CHECK(reply->status == 200);
    CHECK(reply->content_type == "application/json");
    CHECK(reply->body == "{\"fine\":true}");
    CHECK(reply->retry_after_s == 0);
    const auto request = server.requests().at(0);
    CHECK(has(request, "POST /prefix/v1/batches HTTP/1.1\r\n"));
    CHECK(has(request, "Content-Type: application/json\r\n"));
    CHECK(has(request, "Authorization: Bearer hush\r\n"));
    CHECK(has(request, "User-Agent: kaiku-test/1\r\n"));
    CHECK_FALSE(has(request, "Expect:"));
    CHECK(request.find("hush") == request.rfind("hush"));
    CHECK(request.substr(request.size() - 10) == "{\"a\":\"ä\"}");
}

TEST_CASE("fields of ours go out and come back, and others do not") {
    ScriptedServer server({{http_reply("200 OK", "application/json", "{}",
                                       "X-Other: 1\r\nkaiku-renew: yes\r\nKaiku-Number: 7\r\n")}});
    auto uplink = uplink_to(server.http_url());
    const auto reply = uplink->post({"/", "", "{}", {{"Kaiku-Number", "6"}}});
    REQUIRE(reply);
    CHECK(has(server.requests().at(0), "Kaiku-Number: 6\r\n"));
    CHECK(reply->headers.size() == 2);
    CHECK(header_of(reply->headers, kRenewHeader) == "yes");
    CHECK(header_of(reply->headers, kNumberHeader) == "7");
}

TEST_CASE("a post without a credential sends no such header") {
    ScriptedServer server({{ok()}});
    REQUIRE(uplink_to(server.http_url())->post({"/v1/enroll", "", "{}"}));
    CHECK_FALSE(has(server.requests().at(0), "Authorization"));
}

TEST_CASE("a credential with a line break is not sent") {
    ScriptedServer server({{ok()}});
    const auto reply = uplink_to(server.http_url())->post({"/v1/batches", "a\r\nX: hush", "{}"});
    REQUIRE_FALSE(reply);
    CHECK(reply.error().code == Errc::invalid);
    CHECK_FALSE(has(reply.error().detail, "hush"));
    CHECK(server.connections() == 0);
}

TEST_CASE("one connection is kept for the next post") {
    ScriptedServer server({{ok(), true}, {ok(), true}, {ok()}});
    auto uplink = uplink_to(server.http_url());
    REQUIRE(uplink->post({"/1", "first", "{}"}));
    REQUIRE(uplink->post({"/2", "", "{\"longer\":1}"}));
    REQUIRE(uplink->post({"/3", "", ""}));
    CHECK(server.connections() == 1);
    // Nothing of one post stays for the next.
    CHECK_FALSE(has(server.requests().at(1), "first"));
    CHECK(has(server.requests().at(2), "Content-Length: 0\r\n"));
}

TEST_CASE("a redirect is handed over and not followed") {
    ScriptedServer trap({{ok()}});
    ScriptedServer server({{http_reply("307 Temporary Redirect", "text/html", "",
                                       "Location: " + trap.http_url() + "/\r\n")}});
    const auto reply = uplink_to(server.http_url())->post({"/v1/batches", "c", "{}"});
    REQUIRE(reply);
    CHECK(reply->status == 307);
    CHECK(trap.connections() == 0);
}

TEST_CASE("Retry-After is read in seconds and bounded") {
    const auto wait_of = [](const std::string& header) {
        ScriptedServer server({{http_reply("429 Too Many Requests", "text/plain", "", header)}});
        const auto reply = uplink_to(server.http_url())->post({"/", "", "{}"});
        REQUIRE(reply);
        return reply->retry_after_s;
    };
    CHECK(wait_of("Retry-After: 120\r\n") == 120);
    CHECK(wait_of("Retry-After: 99999999999\r\n") == 86'400);
    CHECK(wait_of("Retry-After: -5\r\n") == 0);
    CHECK(wait_of("Retry-After: soon\r\n") == 0);
    CHECK(wait_of("Retry-After: Wed, 21 Oct 2015 07:28:00 GMT\r\n") == 0);
}

TEST_CASE("an answer beyond 1 MiB is cut off") {
    const std::string exact(1024UL * 1024, 'x');
    ScriptedServer server({{http_reply("200 OK", "text/plain", exact)},
                           {http_reply("200 OK", "text/plain", exact + "x")}});
    auto uplink = uplink_to(server.http_url());
    CHECK(uplink->post({"/", "", "{}"})->body == exact);
    const auto reply = uplink->post({"/", "", "{}"});
    REQUIRE_FALSE(reply);
    CHECK(reply.error().code == Errc::too_large);
}

TEST_CASE("an endless answer is cut off too") {
    const std::string chunk = "10000\r\n" + std::string(0x10000, 'x') + "\r\n";
    std::string reply = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (int n = 0; n < 20; ++n) reply += chunk;
    ScriptedServer server({{reply, false, true}});
    CHECK(uplink_to(server.http_url())->post({"/", "", "{}"}).error().code == Errc::too_large);
}

TEST_CASE("an answer that does not come whole is a network error that tells no secrets") {
    const auto half = ok().substr(0, ok().size() - 4);
    for (const std::string& bytes :
         {half, std::string(), std::string("220 mail.example ESMTP\r\n")}) {
        INFO(bytes);
        ScriptedServer server({{bytes}});
        const auto reply = uplink_to(server.http_url())->post({"/", "hush", "{\"secret\":1}"});
        REQUIRE_FALSE(reply);
        CHECK(reply.error().code == Errc::network);
        CHECK_FALSE(has(reply.error().detail, "hush"));
        CHECK_FALSE(has(reply.error().detail, "secret"));
    }
}

TEST_CASE("a server that says nothing is given up at the deadline") {
    ScriptedServer server({{"", false, true}});
    CurlUplinkOptions options;
    options.central_url = server.http_url();
    options.total_timeout = std::chrono::milliseconds{150};
    auto uplink = make_curl_uplink(options);
    REQUIRE(uplink);
    const auto reply = (*uplink)->post({"/", "", "{}"});
    REQUIRE_FALSE(reply);
    CHECK(reply.error().code == Errc::network);
    CHECK(has(reply.error().detail, "Timeout"));
}

TEST_CASE("a port where nobody listens is a network error") {
    int port = 0;
    { port = ScriptedServer({}).port(); }
    const auto reply = uplink_to("http://127.0.0.1:" + std::to_string(port))->post({"/", "", "{}"});
    REQUIRE_FALSE(reply);
    CHECK(reply.error().code == Errc::network);
}

TEST_CASE("a proxy from the environment is not asked on the way to this machine") {
    ScriptedServer proxy({{http_reply("502 Bad Gateway", "text/plain", "proxy")}});
    const Environment http("http_proxy", proxy.http_url());
    const Environment all("ALL_PROXY", proxy.http_url());
    ScriptedServer server({{ok()}});
    CHECK(uplink_to(server.http_url())->post({"/", "", "{}"})->status == 200);
    CHECK(proxy.connections() == 0);
}

TEST_CASE("a certificate of the configured authority is accepted") {
    test::TempDir folder;
    const auto certificates = make_certificates(folder.path(), Validity::now);
    ScriptedServer server({{ok()}}, certificates);
    const auto uplink = uplink_to(server.https_url(), certificates.ca.string());
    CHECK_FALSE(uplink->certificate_until());
    const auto reply = uplink->post({"/v1/batches", "c", "{}"});
    if (!reply) FAIL(reply.error().detail);
    CHECK(reply->status == 200);
    const auto until = uplink->certificate_until();
    REQUIRE(until);
    const auto left = *until - std::chrono::system_clock::now();
    CHECK(left > std::chrono::hours{0});
    CHECK(left < std::chrono::hours{24 * 400});
}

TEST_CASE("a certificate that proves nothing is refused and learns nothing") {
    test::TempDir folder;
    test::TempDir other;
    const auto stranger = make_certificates(other.path(), Validity::now);
    auto certificates = make_certificates(folder.path(), Validity::now);
    std::string ca = certificates.ca.string();
    SECTION("of an unknown authority") { ca.clear(); }
    SECTION("of another authority") { ca = stranger.ca.string(); }
    SECTION("expired") { certificates = make_certificates(folder.path(), Validity::expired); }
    SECTION("of another host") {
        certificates = make_certificates(folder.path(), Validity::now, ServerName::somewhere_else);
    }
    ScriptedServer server({{ok()}}, certificates);
    const auto reply = uplink_to(server.https_url(), ca)->post({"/v1/batches", "hush", "{}"});
    REQUIRE_FALSE(reply);
    CHECK(reply.error().code == Errc::network);
    INFO(reply.error().detail);
    CHECK(reply.error().detail.find("clock right") != std::string::npos);
    CHECK(server.requests().empty());
}

TEST_CASE("the configured authority is trusted beside the system's store, not instead of it") {
    test::TempDir folder;
    const auto own = make_certificates(folder.path(), Validity::now);
    test::TempDir public_folder;
    const auto known = make_certificates(public_folder.path(), Validity::now, ServerName::loopback,
                                         "Authority of the system");
    test::make_store(public_folder.path() / "store", known.ca);
    CurlUplinkOptions options;
    options.ca_file = own.ca.string();
    options.system_store = (public_folder.path() / "store").string();
    options.user_agent = "kaiku-test/1";
    for (const auto& certificates : {own, known}) {
        ScriptedServer server({{ok()}}, certificates);
        options.central_url = server.https_url();
        const auto reply = make_curl_uplink(options).value()->post({"/v1/batches", "c", "{}"});
        if (!reply) FAIL(reply.error().detail);
        CHECK(reply->status == 200);
    }
    // Without the store, which libcurl has on every system, that one is a stranger's.
    options.system_store = folder.path().string();
    ScriptedServer server({{ok()}}, known);
    options.central_url = server.https_url();
    CHECK_FALSE(make_curl_uplink(options).value()->post({"/v1/batches", "c", "{}"}));
    CHECK(curl_version_info(CURLVERSION_NOW)->capath != nullptr);
}

TEST_CASE("a CA file that is not there gives a network error") {
    test::TempDir folder;
    const auto certificates = make_certificates(folder.path(), Validity::now);
    ScriptedServer server({{ok()}}, certificates);
    const auto reply = uplink_to(server.https_url(), "/nowhere/ca.pem")->post({"/", "c", "{}"});
    REQUIRE_FALSE(reply);
    CHECK(reply.error().code == Errc::network);
}

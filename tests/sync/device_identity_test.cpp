#include "sync/device_identity.hpp"

#include <sys/stat.h>

#include "sync/files.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sync_fakes.hpp"
#include "tests/support/temp_dir.hpp"

using namespace kaiku;
using namespace kaiku::sync;
using kaiku::test::FakeUplink;
using kaiku::test::json_reply;

namespace {

const Enrolment kEnrolment{"d1", "hush-credential", "K1", "Korvaklinikka", "Öronkliniken"};

DeviceIdentity identity() { return {"https://central.example", kEnrolment}; }

const SigningKey& key() {
    static const SigningKey made = SigningKey::make().value();
    return made;
}

struct Saved {
    Saved() { REQUIRE(save_identity(folder.path(), identity())); }
    std::filesystem::path file() const { return folder.path() / "device.json"; }
    Error error() const {
        const auto loaded = load_identity(folder.path());
        REQUIRE_FALSE(loaded);
        CHECK(loaded.error().detail.find(file().string()) != std::string::npos);
        CHECK(loaded.error().detail.find("hush") == std::string::npos);
        CHECK(loaded.error().detail.find("enrol") != std::string::npos);
        return loaded.error();
    }
    void overwrite(const std::string& bytes) const { test::write_file(file(), bytes); }
    test::TempDir folder;
};

}  // namespace

TEST_CASE("a device that was never enrolled has no identity") {
    test::TempDir folder;
    const auto loaded = load_identity(folder.path());
    REQUIRE(loaded);
    CHECK_FALSE(loaded->has_value());
    CHECK_FALSE(load_identity(folder.path() / "missing")->has_value());
}

TEST_CASE("an identity is loaded as it was saved, and saving replaces the old one") {
    Saved saved;
    const auto first = load_identity(saved.folder.path());
    REQUIRE(first);
    REQUIRE(first->has_value());
    CHECK((*first)->central_url == "https://central.example");
    CHECK((*first)->enrolment == kEnrolment);
    auto other = identity();
    other.enrolment.credential = "another";
    REQUIRE(save_identity(saved.folder.path(), other));
    CHECK((*load_identity(saved.folder.path()))->enrolment.credential == "another");
    struct stat found {};
    REQUIRE(::stat(saved.file().c_str(), &found) == 0);
    CHECK((found.st_mode & 07777U) == 0600U);
    CHECK_FALSE(std::filesystem::exists(saved.folder.path() / "device.json.new"));
}

TEST_CASE("saving makes the data folder and clears away what a power cut left") {
    test::TempDir folder;
    const auto data = folder.path() / "a" / "b";
    std::filesystem::create_directories(data);
    test::write_file(data / "device.json.new", "half");
    REQUIRE(save_identity(data, identity()));
    CHECK((*load_identity(data))->enrolment == kEnrolment);
    REQUIRE(save_identity(folder.path() / "new", identity()));
}

TEST_CASE("an identity that cannot be saved leaves the old one whole") {
    Saved saved;
    std::filesystem::create_directory(saved.folder.path() / "device.json.new");
    CHECK(save_identity(saved.folder.path(), identity()).error().code == Errc::io);
    CHECK((*load_identity(saved.folder.path()))->enrolment == kEnrolment);
    CHECK(save_identity("/proc/kaiku", identity()).error().code == Errc::io);
    test::TempDir folder;
    std::filesystem::create_directory(folder.path() / "device.json");
    CHECK(save_identity(folder.path(), identity()).error().code == Errc::io);
    CHECK_FALSE(std::filesystem::exists(folder.path() / "device.json.new"));
}

TEST_CASE("an identity that others may read or change is refused with the cure") {
    Saved saved;
    for (const unsigned mode : {0640U, 0604U, 0602U, 0660U, 0644U}) {
        INFO(mode);
        std::filesystem::permissions(saved.file(), std::filesystem::perms{mode});
        const auto error = saved.error();
        CHECK(error.code == Errc::invalid);
        CHECK(error.detail.find("chmod 600") != std::string::npos);
    }
}

TEST_CASE("a damaged identity gives a clear error that names file and cure") {
    Saved saved;
    const auto whole = test::read_file(saved.file());
    for (const std::string& bytes :
         {std::string(), std::string("{"), std::string("[]"), std::string("{}"),
          std::string("\xff\xfe"), whole.substr(0, whole.size() / 2), std::string(20'000, ' '),
          std::string(R"({"format":1})"), std::string(R"({"format":"1"})"),
          std::string(R"({"format":1,"central_url":5})")}) {
        saved.overwrite(bytes);
        CHECK(saved.error().code == Errc::corrupt);
    }
    auto nameless = identity();
    nameless.enrolment.credential.clear();
    REQUIRE(save_identity(saved.folder.path(), nameless));
    CHECK(saved.error().code == Errc::corrupt);
}

TEST_CASE("an identity from a newer program is said to be one") {
    Saved saved;
    saved.overwrite(R"({"format":2,"anything":1})");
    CHECK(saved.error().code == Errc::unsupported);
}

TEST_CASE("an identity that is no regular file is refused") {
    test::TempDir folder;
    std::filesystem::create_directory(folder.path() / "device.json");
    CHECK(load_identity(folder.path()).error().code == Errc::corrupt);
    test::TempDir linked;
    std::filesystem::create_symlink("/etc/hostname", linked.path() / "device.json");
    CHECK(load_identity(linked.path()).error().code == Errc::io);
}

TEST_CASE("enrolling trades the code for what central answers") {
    FakeUplink uplink(
        [](const FakeUplink::Request&) { return json_reply(201, encode_enrolled(kEnrolment)); });
    const auto enrolled = enrol(uplink, "CODE-1", key().public_key());
    REQUIRE(enrolled);
    CHECK(*enrolled == kEnrolment);
    REQUIRE(uplink.requests.size() == 1);
    CHECK(uplink.requests[0].path == "/v1/enroll");
    CHECK(uplink.requests[0].bearer.empty());
    CHECK(decode_enrolment(uplink.requests[0].body) == Enrolling{"CODE-1", key().public_key()});
}

TEST_CASE("an enrolment that fails says why and never repeats the code") {
    const auto code_for = [](const Result<UplinkReply>& reply) {
        FakeUplink uplink([reply](const FakeUplink::Request&) { return reply; });
        const auto enrolled = enrol(uplink, "CODE-1", key().public_key());
        REQUIRE_FALSE(enrolled);
        CHECK(enrolled.error().detail.find("CODE-1") == std::string::npos);
        return enrolled.error().code;
    };
    for (const int status : {401, 403, 404, 410}) {
        CHECK(code_for(json_reply(status, "{}")) == Errc::unauthorized);
    }
    for (const int status : {400, 413, 422}) {
        CHECK(code_for(json_reply(status, "{}")) == Errc::refused);
    }
    for (const int status : {204, 301, 429, 500}) {
        CHECK(code_for(json_reply(status, "{}")) == Errc::network);
    }
    CHECK(code_for(json_reply(200, "<html>")) == Errc::network);
    CHECK(code_for(fail(Errc::network, "no way")) == Errc::network);
}

TEST_CASE("a full disk is told apart from a broken one") {
    CHECK(error_of_errno("/data", ENOSPC).code == Errc::full);
    CHECK(error_of_errno("/data", EDQUOT).code == Errc::full);
    CHECK(error_of_errno("/data", EIO).code == Errc::io);
    CHECK(error_of_errno("/data", EACCES).detail == "/data: Permission denied");
}

TEST_CASE("an identity keeps the web address and the sealing key") {
    test::TempDir folder;
    auto with_web = identity();
    with_web.enrolment.web_url = "https://palaute.example.fi";
    with_web.enrolment.sealing_key = "KEY";
    with_web.enrolment.signing_key = "OTHER";
    REQUIRE(save_identity(folder.path(), with_web));
    CHECK((*load_identity(folder.path()))->enrolment == with_web.enrolment);
}

TEST_CASE("an identity written before there was a web survey still loads, without one") {
    Saved saved;
    saved.overwrite(R"({"format":1,"central_url":"https://central.example","device_id":"d1",)"
                    R"("credential":"hush-credential","unit":"K1","unit_name_fi":"Korvaklinikka",)"
                    R"("unit_name_sv":"Öronkliniken"})");
    const auto loaded = load_identity(saved.folder.path());
    REQUIRE(loaded);
    REQUIRE(loaded->has_value());
    CHECK((*loaded)->enrolment == kEnrolment);
    CHECK((*loaded)->enrolment.web_url.empty());
    const std::string whole = test::read_file(saved.file());
    saved.overwrite(whole.substr(0, whole.size() - 1) + R"(,"web_url":"https://x.example"})");
    CHECK(saved.error().code == Errc::corrupt);
}

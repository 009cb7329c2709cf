#pragma once

#include <filesystem>

namespace kaiku::test {

/// PEM files of a certificate authority made for one test, and of a server for "localhost" and
/// 127.0.0.1 that it signed.
struct TestCertificates {
    std::filesystem::path ca;
    std::filesystem::path certificate;
    std::filesystem::path key;
};

enum class Validity { now, expired };
enum class ServerName { loopback, somewhere_else };

/// ECDSA P-256 keys; written into `folder`. Throws std::runtime_error if OpenSSL fails.
TestCertificates make_certificates(const std::filesystem::path& folder, Validity validity,
                                   ServerName name = ServerName::loopback,
                                   const char* authority = "Kaiku test authority");

/// A folder as /etc/ssl/certs is, with this one authority.
void make_store(const std::filesystem::path& folder, const std::filesystem::path& ca);

}  // namespace kaiku::test

#include "tests/support/test_certificates.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <array>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>

namespace kaiku::test {
namespace {

struct Deleter {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(X509* certificate) const { X509_free(certificate); }
    void operator()(std::FILE* file) const { std::fclose(file); }
};
using Key = std::unique_ptr<EVP_PKEY, Deleter>;
using Certificate = std::unique_ptr<X509, Deleter>;

void must(bool held) {
    if (!held) throw std::runtime_error("OpenSSL failed to make a test certificate");
}

void add_extension(X509* certificate, X509* issuer, int nid, const char* value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value);
    must(extension != nullptr && X509_add_ext(certificate, extension, -1) == 1);
    X509_EXTENSION_free(extension);
}

struct Wish {
    const char* name;
    const char* alternative_names;  ///< nullptr for an authority
    long serial;
    Validity validity;
};

Certificate make(const Wish& wish, EVP_PKEY* key, X509* issuer, EVP_PKEY* issuer_key) {
    Certificate certificate(X509_new());
    must(certificate && X509_set_version(certificate.get(), 2) == 1);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), wish.serial);
    constexpr long kDay = 24L * 60 * 60;
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -30 * kDay);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()),
                    wish.validity == Validity::now ? 30 * kDay : -kDay);
    X509_set_pubkey(certificate.get(), key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(wish.name), -1, -1, 0);
    X509* signer = issuer != nullptr ? issuer : certificate.get();
    X509_set_issuer_name(certificate.get(), X509_get_subject_name(signer));
    if (wish.alternative_names != nullptr) {
        add_extension(certificate.get(), signer, NID_subject_alt_name, wish.alternative_names);
    } else {
        add_extension(certificate.get(), signer, NID_basic_constraints, "critical,CA:TRUE");
        add_extension(certificate.get(), signer, NID_key_usage, "critical,keyCertSign,cRLSign");
    }
    must(X509_sign(certificate.get(), issuer_key, EVP_sha256()) > 0);
    return certificate;
}

std::unique_ptr<std::FILE, Deleter> open_for_writing(const std::filesystem::path& path) {
    std::unique_ptr<std::FILE, Deleter> file(std::fopen(path.c_str(), "wb"));
    must(file != nullptr);
    return file;
}

}  // namespace

TestCertificates make_certificates(const std::filesystem::path& folder, Validity validity,
                                   ServerName name, const char* authority) {
    const Key ca_key(EVP_EC_gen("P-256"));
    const Key server_key(EVP_EC_gen("P-256"));
    must(ca_key && server_key);
    const auto ca =
        make({authority, nullptr, 1, Validity::now}, ca_key.get(), nullptr, ca_key.get());
    const char* names =
        name == ServerName::loopback ? "DNS:localhost,IP:127.0.0.1" : "DNS:elsewhere.example";
    const auto server =
        make({"central", names, 2, validity}, server_key.get(), ca.get(), ca_key.get());
    TestCertificates paths{folder / "ca.pem", folder / "server.pem", folder / "server.key"};
    must(PEM_write_X509(open_for_writing(paths.ca).get(), ca.get()) == 1);
    must(PEM_write_X509(open_for_writing(paths.certificate).get(), server.get()) == 1);
    must(PEM_write_PrivateKey(open_for_writing(paths.key).get(), server_key.get(), nullptr, nullptr,
                              0, nullptr, nullptr) == 1);
    return paths;
}

void make_store(const std::filesystem::path& folder, const std::filesystem::path& ca) {
    std::unique_ptr<std::FILE, Deleter> file(std::fopen(ca.c_str(), "rb"));
    must(file != nullptr);
    const Certificate certificate(PEM_read_X509(file.get(), nullptr, nullptr, nullptr));
    must(certificate != nullptr);
    std::array<char, 16> name{};
    std::snprintf(name.data(), name.size(), "%08lx.0", X509_subject_name_hash(certificate.get()));
    std::filesystem::create_directories(folder);
    std::filesystem::copy_file(ca, folder / name.data());
}

}  // namespace kaiku::test

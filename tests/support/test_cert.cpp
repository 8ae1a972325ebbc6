#include "tests/support/test_cert.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <cstdlib>
#include <memory>

namespace chatd::tests {
namespace {

void must(bool worked) {
  if (!worked) std::abort();
}

std::string write_pem(const std::filesystem::path& path, auto&& write) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "we"),
                                                             &std::fclose);
  must(file != nullptr && write(file.get()) == 1);
  return path.string();
}

}  // namespace

TestCert make_cert(const std::filesystem::path& folder, const std::string& stem,
                   const CertSpec& spec) {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
      spec.is_rsa ? EVP_RSA_gen(2048) : EVP_EC_gen("P-256"), &EVP_PKEY_free);
  const std::unique_ptr<X509, decltype(&X509_free)> cert(X509_new(), &X509_free);
  must(key != nullptr && cert != nullptr);
  X509_set_version(cert.get(), X509_VERSION_3);
  static long serial = 0;
  ASN1_INTEGER_set(X509_get_serialNumber(cert.get()), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(cert.get()), static_cast<long>(spec.valid_from.count()));
  X509_gmtime_adj(X509_getm_notAfter(cert.get()), static_cast<long>(spec.valid_until.count()));
  X509_set_pubkey(cert.get(), key.get());
  X509_NAME* const name = X509_get_subject_name(cert.get());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(spec.common_name.c_str()), -1,
                             -1, 0);
  X509_set_issuer_name(cert.get(), name);
  const std::string names = "DNS:localhost,IP:127.0.0.1,IP:0:0:0:0:0:0:0:1";
  X509_EXTENSION* const extension =
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, names.c_str());
  must(extension != nullptr && X509_add_ext(cert.get(), extension, -1) == 1);
  X509_EXTENSION_free(extension);
  must(X509_sign(cert.get(), key.get(), EVP_sha256()) > 0);
  return {
      .certificate = write_pem(folder / (stem + ".crt"),
                               [&](std::FILE* file) { return PEM_write_X509(file, cert.get()); }),
      .key = write_pem(folder / (stem + ".key"), [&](std::FILE* file) {
        return PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
      })};
}

}  // namespace chatd::tests

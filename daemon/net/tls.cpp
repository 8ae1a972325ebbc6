#include "daemon/net/tls.hpp"

#include "daemon/base/assert.hpp"
#include "daemon/base/encoding.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ctime>

namespace chatd::net {
namespace {

// AES-128 first: it is what servers encrypt fastest, and no weaker in any way that matters. Clients
// without AES hardware say so and get ChaCha20.
constexpr const char* kTls13Suites =
    "TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_256_GCM_SHA384";
constexpr const char* kTls12Suites = "ECDHE+AES128+AESGCM:ECDHE+CHACHA20:ECDHE+AESGCM";
constexpr std::string_view kLinkExporterLabel = "EXPORTER-chatd-federation";
constexpr const char* kGroups = "X25519:P-256:P-384";

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

Result<File> open_file(const std::string& path, std::string_view what) {
  File file(std::fopen(path.c_str(), "re"));
  if (!file) {
    return fail(Code::not_found,
                fmt::format("can't read the {} {}: {}", what, path, std::strerror(errno)));
  }
  return file;
}

std::string text_of(const X509_NAME* name) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), &BIO_free);
  X509_NAME_print_ex(out.get(), name, 0, XN_FLAG_ONELINE & ~ASN1_STRFLGS_ESC_MSB);
  char* data = nullptr;
  const long size = BIO_get_mem_data(out.get(), &data);
  return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

TimeMs time_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return 0;
  return TimeMs{timegm(&parts)} * 1000;
}

std::string date_of(TimeMs time) {
  const std::time_t seconds = time / 1000;
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  return fmt::format("{:04}-{:02}-{:02}", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday);
}

std::string text_of(const ASN1_STRING* string) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(string)),
          static_cast<std::size_t>(ASN1_STRING_length(string))};
}

std::vector<std::string> names_of(const X509* certificate) {
  std::vector<std::string> names;
  const std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)> all(
      static_cast<GENERAL_NAMES*>(
          X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)),
      &GENERAL_NAMES_free);
  for (int i = 0; all && i < sk_GENERAL_NAME_num(all.get()); ++i) {
    const GENERAL_NAME* const name = sk_GENERAL_NAME_value(all.get(), i);
    if (name->type == GEN_DNS) {
      names.push_back(text_of(name->d.dNSName));
    } else if (name->type == GEN_IPADD) {
      const std::string bytes = text_of(name->d.iPAddress);
      std::array<char, INET6_ADDRSTRLEN> text{};
      inet_ntop(bytes.size() == 4 ? AF_INET : AF_INET6, bytes.data(), text.data(), text.size());
      names.emplace_back(text.data());
    }
  }
  return names;
}

std::string fingerprint_of(const X509* certificate) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  X509_digest(certificate, EVP_sha256(), digest.data(), &size);
  return hex({reinterpret_cast<const char*>(digest.data()), size});
}

}  // namespace

std::string openssl_reason() {
  const unsigned long error = ERR_peek_last_error();
  ERR_clear_error();
  const char* const reason = error == 0 ? nullptr : ERR_reason_error_string(error);
  return reason == nullptr ? "unknown reason" : reason;
}

Result<std::shared_ptr<const TlsIdentity>> TlsIdentity::load(const TlsFiles& files) {
  std::shared_ptr<TlsIdentity> identity(new TlsIdentity());
  CHATD_CHECK(identity->read_certificates(files.certificate));
  CHATD_CHECK(identity->read_key(files.key));
  CHATD_CHECK(identity->check(files));
  return std::shared_ptr<const TlsIdentity>(std::move(identity));
}

Status TlsIdentity::read_certificates(const std::string& path) {
  CHATD_TRY(const File file, open_file(path, "certificate"));
  leaf_.reset(PEM_read_X509(file.get(), nullptr, nullptr, nullptr));
  if (!leaf_) {
    return fail(Code::invalid_params,
                fmt::format("{} holds no PEM certificate: {}", path, openssl_reason()));
  }
  chain_.reset(sk_X509_new_null());
  while (X509* const next = PEM_read_X509(file.get(), nullptr, nullptr, nullptr)) {
    sk_X509_push(chain_.get(), next);
  }
  ERR_clear_error();  // the end of the file is an error to it
  return {};
}

Status TlsIdentity::read_key(const std::string& path) {
  CHATD_TRY(const File file, open_file(path, "key"));
  // Without this a key with a pass phrase would ask the terminal for it.
  const auto no_pass_phrase = [](char*, int, int, void*) { return -1; };
  key_.reset(PEM_read_PrivateKey(file.get(), nullptr, no_pass_phrase, nullptr));
  if (!key_) {
    return fail(Code::invalid_params, fmt::format("{} holds no PEM key without a pass phrase: {}",
                                                  path, openssl_reason()));
  }
  return {};
}

Status TlsIdentity::check(const TlsFiles& files) {
  info_ = {.subject = text_of(X509_get_subject_name(leaf_.get())),
           .issuer = text_of(X509_get_issuer_name(leaf_.get())),
           .names = names_of(leaf_.get()),
           .not_before_ms = time_of(X509_get0_notBefore(leaf_.get())),
           .not_after_ms = time_of(X509_get0_notAfter(leaf_.get())),
           .fingerprint = fingerprint_of(leaf_.get())};
  if (X509_check_private_key(leaf_.get(), key_.get()) != 1) {
    ERR_clear_error();
    return fail(Code::invalid_params,
                fmt::format("the key {} does not belong to the certificate {}", files.key,
                            files.certificate));
  }
  if (X509_cmp_current_time(X509_get0_notAfter(leaf_.get())) < 0) {
    return fail(Code::invalid_params, fmt::format("the certificate {} expired on {}",
                                                  files.certificate, date_of(info_.not_after_ms)));
  }
  if (X509_cmp_current_time(X509_get0_notBefore(leaf_.get())) > 0) {
    return fail(Code::invalid_params, fmt::format("the certificate {} is not valid before {}",
                                                  files.certificate, date_of(info_.not_before_ms)));
  }
  // A scratch connection says now what OpenSSL would say at the first handshake (a key too weak).
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> scratch(SSL_CTX_new(TLS_server_method()),
                                                                  &SSL_CTX_free);
  CHATD_CHECK(configure_tls(scratch.get()));
  const std::unique_ptr<SSL, decltype(&SSL_free)> connection(SSL_new(scratch.get()), &SSL_free);
  return use_in(connection.get());
}

Status TlsIdentity::use_in(SSL* connection) const {
  // OpenSSL has room for one certificate of each kind of key and takes the one it likes best.
  SSL_certs_clear(connection);
  if (SSL_use_cert_and_key(connection, leaf_.get(), key_.get(), chain_.get(), 1) != 1) {
    return fail(Code::invalid_params, fmt::format("OpenSSL refuses the certificate {}: {}",
                                                  info_.subject, openssl_reason()));
  }
  return {};
}

Status configure_tls(SSL_CTX* context) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  // No tickets: they cost 46 us per handshake and weaken forward secrecy, and with one context per
  // thread most would not be understood anyway.
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET |
                                   SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
  SSL_CTX_set_num_tickets(context, 0);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  if (SSL_CTX_set_ciphersuites(context, kTls13Suites) != 1 ||
      SSL_CTX_set_cipher_list(context, kTls12Suites) != 1 ||
      SSL_CTX_set1_groups_list(context, kGroups) != 1) {
    return fail(Code::internal, fmt::format("OpenSSL lacks what TLS needs: {}", openssl_reason()));
  }
  return {};
}

Hash256 link_exporter(SSL* connection) {
  Hash256 value{};
  const int made =
      SSL_export_keying_material(connection, value.data(), value.size(), kLinkExporterLabel.data(),
                                 kLinkExporterLabel.size(), nullptr, 0, 1);
  CHATD_ASSERT(made == 1);  // it is asked after the handshake only
  return value;
}

}  // namespace chatd::net

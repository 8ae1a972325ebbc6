#pragma once

#include <chrono>
#include <filesystem>
#include <string>

namespace chatd::tests {

struct TestCert {
  std::string certificate;  // PEM file; also what a client trusts, since it signs itself
  std::string key;          // PEM file
};

struct CertSpec {
  std::string common_name = "localhost";
  std::chrono::seconds valid_from = -std::chrono::hours(1);  // relative to now
  std::chrono::seconds valid_until = std::chrono::hours(24);
  bool is_rsa = false;  // else P-256
};

// Makes <folder>/<stem>.crt and <stem>.key: self-signed, good for localhost, 127.0.0.1, ::1.
[[nodiscard]] TestCert make_cert(const std::filesystem::path& folder, const std::string& stem,
                                 const CertSpec& spec = {});

}  // namespace chatd::tests

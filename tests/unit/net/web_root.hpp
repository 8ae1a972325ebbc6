#pragma once

#include "daemon/net/options.hpp"
#include "daemon/net/static_files.hpp"
#include "tests/support/temp_folder.hpp"

#include <catch2/catch.hpp>

#include <brotli/encode.h>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <zlib.h>

namespace chatd::tests {

inline std::string brotli(const std::string& text) {
  std::string packed(BrotliEncoderMaxCompressedSize(text.size()) + 1, '\0');
  std::size_t size = packed.size();
  BrotliEncoderCompress(BROTLI_DEFAULT_QUALITY, BROTLI_DEFAULT_WINDOW, BROTLI_DEFAULT_MODE,
                        text.size(), reinterpret_cast<const std::uint8_t*>(text.data()), &size,
                        reinterpret_cast<std::uint8_t*>(packed.data()));
  packed.resize(size);
  return packed;
}

inline std::string gzip(const std::string& text) {
  z_stream stream{};
  deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

// Bytes that show where they stand.
inline std::string pattern(std::size_t size) {
  std::string bytes;
  for (std::size_t i = 0; bytes.size() < size; ++i) bytes += std::to_string(i) + '\n';
  bytes.resize(size);
  return bytes;
}

// A folder as a build leaves it.
class WebRoot {
 public:
  WebRoot() { write("index.html", "<title>chat</title>"); }

  void write(const std::string& name, const std::string& bytes) const {
    const auto path = folder_.path() / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << bytes;
  }
  void write_packed(const std::string& name, const std::string& bytes) const {
    write(name, bytes);
    write(name + ".br", brotli(bytes));
    write(name + ".gz", gzip(bytes));
  }
  [[nodiscard]] const std::filesystem::path& path() const { return folder_.path(); }
  [[nodiscard]] std::shared_ptr<const net::StaticFiles> load() const {
    auto files = net::StaticFiles::load(path());
    if (!files) FAIL(files.error().message);
    return *std::move(files);
  }
  [[nodiscard]] std::string refusal() const {
    const auto files = net::StaticFiles::load(path());
    return files ? "" : files.error().message;
  }
  // Serves what is there now.
  [[nodiscard]] net::Options options() const {
    net::Options options;
    options.files = load();
    return options;
  }

 private:
  TempFolder folder_;
};

}  // namespace chatd::tests

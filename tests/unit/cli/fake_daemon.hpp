#pragma once

#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace chatd::cli {

// An empty folder that goes with its content when this goes.
class TempFolder {
 public:
  TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  ~TempFolder();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// What listens on a Unix socket in place of chatd: for each frame that comes it sends what `answer`
// returns as it is, and ends the connection when that is empty. One connection at a time.
class FakeDaemon {
 public:
  using Answer = std::function<std::string(const std::string& frame)>;

  explicit FakeDaemon(Answer answer);
  FakeDaemon(const FakeDaemon&) = delete;
  FakeDaemon& operator=(const FakeDaemon&) = delete;
  ~FakeDaemon();

  [[nodiscard]] std::string socket() const { return (folder_.path() / "chatd.sock").string(); }
  // All frames that came so far.
  [[nodiscard]] std::vector<std::string> frames();

 private:
  void serve();
  void serve_one(int connection);
  // Waits for bytes or the end of the test; false for the latter.
  [[nodiscard]] bool has_input(int fd) const;

  TempFolder folder_;
  Answer answer_;
  int listener_ = -1;
  int stop_[2] = {-1, -1};  // a pipe that is closed to end the thread
  std::mutex mutex_;
  std::vector<std::string> frames_;
  std::thread thread_;
};

// {"jsonrpc":"2.0","id":<that of the frame>,"result":<result>} with its line's end.
[[nodiscard]] std::string result_frame(const std::string& frame, const std::string& result);
[[nodiscard]] std::string error_frame(const std::string& frame, const std::string& code,
                                      const std::string& message);
// The frame's "method".
[[nodiscard]] std::string method_of(const std::string& frame);
// A daemon that answers each method of the admin with an answer of defaults.
[[nodiscard]] std::string default_answer(const std::string& frame);

}  // namespace chatd::cli

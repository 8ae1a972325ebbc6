// What is this plugin's own. That it does what every store must is the contract suite's business:
// README.md says how to run it. Any test framework will do; this one is a macro.
#include <chatd/storage.h>
#include <chatd/testing/fake_host.hpp>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#define EXPECT(claim)                                                   \
  do {                                                                  \
    if (!(claim)) {                                                     \
      std::printf("%s:%d: not true: %s\n", __FILE__, __LINE__, #claim); \
      std::exit(1);                                                     \
    }                                                                   \
  } while (false)

using chatd::testing::FakeHost;

namespace {

const std::string kVerona(CHATD_STORAGE_ROOM_SIZE, 'v');
const std::string kMegabyte(CHATD_STORAGE_MAX_VALUE, 'm');

chatd_str str(std::string_view text) { return {text.data(), text.size()}; }

chatd_write append(std::uint64_t seq, std::string_view value) {
  return {sizeof(chatd_write), CHATD_WRITE_APPEND, str(kVerona), seq, {}, str(value)};
}
chatd_write put(std::string_view key, std::string_view value) {
  return {sizeof(chatd_write), CHATD_WRITE_PUT, {}, 0, str(key), str(value)};
}
chatd_write erase(std::string_view key) {
  return {sizeof(chatd_write), CHATD_WRITE_DELETE, {}, 0, str(key), {}};
}

struct Store {
  explicit Store(FakeHost::Config config = {}) : host(std::move(config)) {
    EXPECT(host.start(chatd_plugin_query) == "");
    table = host.role<chatd_storage_v1>(CHATD_STORAGE_V1);
    EXPECT(table != nullptr);
  }
  chatd_status commit(const std::vector<chatd_write>& writes) {
    return table->commit(host.self(), writes.data(), writes.size());
  }
  std::uint64_t head() {
    std::uint64_t seq = 99;
    EXPECT(table->head(host.self(), str(kVerona), &seq) == CHATD_OK);
    return seq;
  }
  std::string last_error() {
    const chatd_str text = table->last_error(host.self());
    return {text.data, text.size};
  }

  FakeHost host;
  const chatd_storage_v1* table = nullptr;
};

void it_says_that_nothing_lasts() {
  Store store;
  EXPECT(store.host.has_logged("in memory"));
  EXPECT(store.table->backup(store.host.self(), str("/nowhere")) == CHATD_E_UNSUPPORTED);
}

void a_refused_commit_leaves_no_trace() {
  Store store;
  EXPECT(store.commit({append(1, "one"), put("key", "value"), append(3, "three")}) ==
         CHATD_E_CONFLICT);
  EXPECT(store.last_error() == "record 3 stands where the room goes on with 2");
  EXPECT(store.head() == 0);
}

void when_it_is_full_reads_and_deletes_go_on() {
  Store store(FakeHost::Config{{"max_size", "3MiB"}});
  EXPECT(store.commit({append(1, kMegabyte), put("large", kMegabyte)}) == CHATD_OK);
  EXPECT(store.commit({append(2, kMegabyte)}) == CHATD_E_NO_SPACE);
  EXPECT(store.head() == 1);
  EXPECT(store.commit({erase("large")}) == CHATD_OK);
  EXPECT(store.commit({append(2, kMegabyte)}) == CHATD_OK);
  EXPECT(store.head() == 2);
}

}  // namespace

int main() {
  it_says_that_nothing_lasts();
  a_refused_commit_leaves_no_trace();
  when_it_is_full_reads_and_deletes_go_on();
  return 0;
}

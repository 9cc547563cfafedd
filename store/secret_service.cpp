#include "store/secret_service.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/within.hpp"

namespace store {
namespace {

using base::Error;
using base::ErrorKind;

#ifdef ESIMCTL_WITH_LIBSECRET
constexpr bool with_libsecret = true;
#else
constexpr bool with_libsecret = false;
#endif

constexpr std::chrono::minutes longest_wait{2};
constexpr const char* attribute = "name";

Error unavailable(const std::string& why) {
  return {ErrorKind::sign_in, "secrets.unavailable", "the keyring is out of reach: " + why};
}

Error no_keyring(const std::string& why) {
  return unavailable(why)
      .hint(
          "log in to the desktop, where a keyring runs, or start one: `gnome-keyring-daemon "
          "--unlock` under `dbus-run-session`")
      .hint("on a machine without a desktop, keep secrets in a file under a passphrase");
}

// As libsecret 0.20 and GLib 2.74 declare them; both keep these for good (soname 0).
struct GHashTable;
struct GError {
  std::uint32_t domain;
  int code;
  char* message;
};
struct GList {
  void* data;
  GList* next;
  GList* previous;
};
struct SecretSchemaAttribute {
  const char* name;
  int type;
};
struct SecretSchema {
  const char* name;
  int flags;
  std::array<SecretSchemaAttribute, 32> attributes;
  int reserved;
  std::array<void*, 7> reserved_pointers;
};

constexpr int attribute_is_text = 0;
constexpr int search_all = 1 << 1;
constexpr int search_and_unlock = 1 << 2;
const SecretSchema schema{"io.github.esimctl.Secret", 0, {{{attribute, attribute_is_text}}}, 0, {}};

/// The functions that are used.
struct Library {
  GHashTable* (*hash_table_new)(unsigned (*hash)(const void*),
                                int (*equal)(const void*, const void*));
  int (*hash_table_insert)(GHashTable*, void* key, void* value);
  void* (*hash_table_lookup)(GHashTable*, const void* key);
  void (*hash_table_unref)(GHashTable*);
  unsigned (*str_hash)(const void*);
  int (*str_equal)(const void*, const void*);
  void (*error_free)(GError*);
  void (*list_free)(GList*);
  void (*object_unref)(void*);
  int (*store)(const SecretSchema*, GHashTable* attributes, const char* collection,
               const char* label, const char* password, void* cancellable, GError**);
  char* (*lookup)(const SecretSchema*, GHashTable* attributes, void* cancellable, GError**);
  int (*clear)(const SecretSchema*, GHashTable* attributes, void* cancellable, GError**);
  GList* (*search)(const SecretSchema*, GHashTable* attributes, int flags, void* cancellable,
                   GError**);
  void (*password_free)(char*);
  GHashTable* (*attributes_of)(void* item);
  int (*locked)(void* item);

  explicit Library(const base::OpenLibrary& open) {
    if (!with_libsecret) throw unavailable("this esimctl was built without libsecret");
    const auto library = [&](const char* file, const char* package) {
      auto found = open(file);
      if (!found) {
        throw unavailable(std::string(file) + " is not installed")
            .hint("install " + std::string(package) + ": `sudo apt-get install " + package + "`");
      }
      return *found;
    };
    const auto glib = library("libglib-2.0.so.0", "libglib2.0-0");
    const auto gobject = library("libgobject-2.0.so.0", "libglib2.0-0");
    const auto secret = library("libsecret-1.so.0", "libsecret-1-0");
    const auto find = [](const base::SharedLibrary& from, const char* name, auto*& function) {
      function = from.find<std::remove_reference_t<decltype(*function)>>(name);
    };
    find(glib, "g_hash_table_new", hash_table_new);
    find(glib, "g_hash_table_insert", hash_table_insert);
    find(glib, "g_hash_table_lookup", hash_table_lookup);
    find(glib, "g_hash_table_unref", hash_table_unref);
    find(glib, "g_str_hash", str_hash);
    find(glib, "g_str_equal", str_equal);
    find(glib, "g_error_free", error_free);
    find(glib, "g_list_free", list_free);
    find(gobject, "g_object_unref", object_unref);
    find(secret, "secret_password_storev_sync", store);
    find(secret, "secret_password_lookupv_nonpageable_sync", lookup);
    find(secret, "secret_password_clearv_sync", clear);
    find(secret, "secret_password_searchv_sync", search);
    find(secret, "secret_password_free", password_free);
    find(secret, "secret_retrievable_get_attributes", attributes_of);
    find(secret, "secret_item_get_locked", locked);
  }
};

/// One conversation with the keyring, on a thread that may be left behind: it owns all it uses.
class Session {
  template <class Call>
  auto checked(Call call) {
    GError* error = nullptr;
    const auto result = call(&error);
    if (error != nullptr) {
      const auto why = base::clean(error->message);
      lib_.error_free(error);
      throw no_keyring(why);
    }
    return result;
  }

 public:
  explicit Session(const base::OpenLibrary& open) : lib_(open) {}

  /// A prompt that is turned away gives no error but nothing found: whether the keyring is open is
  /// asked for by itself.
  std::optional<base::Secret> get(std::string name) {
    require_unlocked(search(name));
    const auto attributes = attributes_for(name);
    const std::unique_ptr<char, void (*)(char*)> found(
        checked(
            [&](GError** error) { return lib_.lookup(&schema, attributes.get(), nullptr, error); }),
        lib_.password_free);
    if (!found) return std::nullopt;
    return base::Secret(std::string(found.get()));
  }

  bool put(std::string name, const base::Secret& secret) {
    require_unlocked(search(name));
    const auto attributes = attributes_for(name);
    const auto label = "esimctl: " + name;
    const std::string text(secret.reveal());
    return checked([&](GError** error) {
             return lib_.store(&schema, attributes.get(), nullptr, label.c_str(), text.c_str(),
                               nullptr, error);
           }) != 0;
  }

  bool erase(std::string name) {
    require_unlocked(search(name));
    const auto attributes = attributes_for(name);
    return checked([&](GError** error) {
             return lib_.clear(&schema, attributes.get(), nullptr, error);
           }) != 0;
  }

  std::vector<std::string> names() {
    const auto found = search({}, search_all);
    std::vector<std::string> names;
    for (const auto& item : found) names.push_back(item.name);
    std::ranges::sort(names);
    return names;
  }

 private:
  struct Item {
    std::string name;
    bool locked;
  };
  using Table = std::unique_ptr<GHashTable, void (*)(GHashTable*)>;

  /// `name` has to outlive it; empty: all of ours.
  Table attributes_for(std::string& name) {
    Table table(lib_.hash_table_new(lib_.str_hash, lib_.str_equal), lib_.hash_table_unref);
    if (!name.empty()) lib_.hash_table_insert(table.get(), key_.data(), name.data());
    return table;
  }

  std::vector<Item> search(std::string name, int flags = search_all | search_and_unlock) {
    const auto attributes = attributes_for(name);
    auto* found = checked([&](GError** error) {
      return lib_.search(&schema, attributes.get(), flags, nullptr, error);
    });
    std::vector<Item> items;
    for (auto* each = found; each != nullptr; each = each->next) {
      const Table table(lib_.attributes_of(each->data), lib_.hash_table_unref);
      const auto* text = static_cast<const char*>(lib_.hash_table_lookup(table.get(), attribute));
      if (text != nullptr) items.push_back(Item{text, lib_.locked(each->data) != 0});
      lib_.object_unref(each->data);
    }
    lib_.list_free(found);
    return items;
  }

  static void require_unlocked(const std::vector<Item>& items) {
    if (std::ranges::any_of(items, &Item::locked))
      throw unavailable("it is locked").hint("unlock it, then do it again");
  }

  Library lib_;
  std::string key_ = attribute;  ///< tables have pointers to it
};

/// Runs `work` with a session; it is not waited for for ever.
template <class Work>
auto within_session(const base::OpenLibrary& open, Work work) {
  auto result = base::within(longest_wait, [open, work = std::move(work)]() mutable {
    Session session(open);
    return work(session);
  });
  if (!result) throw unavailable("it does not answer; perhaps it asks a question on the desktop");
  return *std::move(result);
}

}  // namespace

SecretService::SecretService(base::OpenLibrary open) : open_(std::move(open)) {}

std::optional<base::Secret> SecretService::get(std::string_view name) {
  require_secret_name(name);
  return within_session(open_,
                        [name = std::string(name)](Session& session) { return session.get(name); });
}

void SecretService::put(std::string_view name, const base::Secret& secret) {
  require_secret_name(name);
  require_secret_value(secret);
  const bool done = within_session(
      open_, [name = std::string(name), kept = base::Secret(std::string(secret.reveal()))](
                 Session& session) { return session.put(name, kept); });
  if (!done) throw unavailable("it did not take the secret");
}

bool SecretService::erase(std::string_view name) {
  require_secret_name(name);
  return within_session(
      open_, [name = std::string(name)](Session& session) { return session.erase(name); });
}

std::vector<std::string> SecretService::names() {
  return within_session(open_, [](Session& session) { return session.names(); });
}

}  // namespace store

/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-keyring.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <libsecret/secret.h>
#include <string.h>
#include <sys/stat.h>

#include "sluice-credentials.h"
#include "sluice-error.h"

#define ATTRIBUTE "subscription"
#define PORTAL "org.freedesktop.portal.Desktop"
#define PORTAL_VERSION 1
#define PROMPTER "org.gnome.keyring.SystemPrompter"

static const SecretSchema schema = {
  "io.github.sluice.Sluice.Subscription",
  SECRET_SCHEMA_NONE,
  {
    { ATTRIBUTE, SECRET_SCHEMA_ATTRIBUTE_STRING },
    { NULL, 0 },
  },
};

static GHashTable *
make_attributes (const char *subscription_id)
{
  GHashTable *attributes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  if (subscription_id != NULL)
    g_hash_table_insert (attributes, g_strdup (ATTRIBUTE), g_strdup (subscription_id));

  return attributes;
}

static gboolean
is_missing_service (const GError *error)
{
  return g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN)
      || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER)
      || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SPAWN_CHILD_EXITED)
      || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SPAWN_EXEC_FAILED)
      || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SPAWN_SERVICE_NOT_FOUND);
}

static gboolean
fail_unavailable (GError **error)
{
  g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_SECRETS_UNAVAILABLE,
                       _("There is no keyring service in this session. Start one, such as GNOME Keyring, "
                         "or keep the tokens for this session only."));
  return FALSE;
}

static gboolean
fail_locked (GError **error)
{
  g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_SECRETS_LOCKED,
                       _("The keyring is locked. Unlock it, then try again."));
  return FALSE;
}

static gboolean
fail_dismissed (GError **error)
{
  g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_SECRETS_DISMISSED,
                       _("The keyring’s question was closed without a password. Try again and unlock the keyring."));
  return FALSE;
}

/* Sorts what libsecret says by what the user can do; the words of the service never hold a secret. */
static gboolean
explain (GError  *cause, /* (transfer full) */
         GError **error)
{
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED) || cause->domain == SLUICE_ERROR)
    {
      g_propagate_error (error, cause);
      return FALSE;
    }

  g_debug ("Keyring: %s %d: %s", g_quark_to_string (cause->domain), cause->code, cause->message);

  if (is_missing_service (cause))
    fail_unavailable (error);
  else if (g_error_matches (cause, SECRET_ERROR, SECRET_ERROR_IS_LOCKED))
    fail_locked (error);
  else
    {
      g_dbus_error_strip_remote_error (cause);
      g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_SECRETS_FAILED,
                   /* Translators: the placeholder is the keyring's own text */
                   _("The keyring answered with an error: %s"), cause->message);
    }

  g_error_free (cause);
  return FALSE;
}

/* The same question that libsecret asks, so that the answer is the same. */
static gboolean
has_secret_portal (GCancellable *cancellable)
{
  g_autoptr(GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, cancellable, NULL);
  g_autoptr(GVariant) reply = NULL;
  g_autoptr(GVariant) version = NULL;

  if (bus == NULL)
    return FALSE;

  reply = g_dbus_connection_call_sync (bus, PORTAL, "/org/freedesktop/portal/desktop",
                                       "org.freedesktop.DBus.Properties", "Get",
                                       g_variant_new ("(ss)", "org.freedesktop.portal.Secret", "version"),
                                       G_VARIANT_TYPE ("(v)"), G_DBUS_CALL_FLAGS_NONE, -1, cancellable, NULL);
  if (reply == NULL)
    return FALSE;

  g_variant_get (reply, "(v)", &version);

  return g_variant_is_of_type (version, G_VARIANT_TYPE_UINT32) && g_variant_get_uint32 (version) == PORTAL_VERSION;
}

static gboolean
is_sandboxed (void)
{
  return g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS) || g_getenv ("SNAP_NAME") != NULL;
}

/**
 * sluice_keyring_find_place:
 * @place: (out): the service, or the file of the application
 * @cancellable: (nullable): stops waiting
 * @error: %G_IO_ERROR_CANCELLED
 *
 * Tells where items go. In a sandbox that is a file which only this
 * application can read, with a key from the desktop's portal; where the
 * desktop has no such portal, the service.
 *
 * Returns: whether it is certain
 */
gboolean
sluice_keyring_find_place (SluiceSecretPlace  *place,
                           GCancellable       *cancellable,
                           GError            **error)
{
  const char *chosen = g_getenv ("SECRET_BACKEND");
  gboolean is_file;

  if (chosen != NULL && *chosen != '\0')
    is_file = strcmp (chosen, "file") == 0;
  else
    is_file = is_sandboxed () && has_secret_portal (cancellable);

  *place = is_file ? SLUICE_SECRET_PLACE_FILE : SLUICE_SECRET_PLACE_KEYRING;

  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

/* A service of our own for each operation: one that was restarted is a new one, with a new session. */
static SecretService *
open_service (SecretServiceFlags   flags,
              GCancellable        *cancellable,
              GError             **error)
{
  g_autoptr(GError) cause = NULL;
  SecretService *service;

  service = secret_service_open_sync (SECRET_TYPE_SERVICE, NULL, flags, cancellable, &cause);
  if (service != NULL)
    return service;

  if (cause == NULL)
    fail_unavailable (error);
  else if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
           (cause->domain == G_DBUS_ERROR && !is_missing_service (cause)))
    explain (g_steal_pointer (&cause), error);
  else
    {
      g_debug ("Keyring: %s", cause->message);
      fail_unavailable (error);
    }

  return NULL;
}

static gboolean
find_items (SecretService  *service,
            const char     *subscription_id,
            GList         **items,
            GCancellable   *cancellable,
            GError        **error)
{
  g_autoptr(GHashTable) attributes = make_attributes (subscription_id);
  GError *cause = NULL;

  *items = secret_service_search_sync (service, &schema, attributes, SECRET_SEARCH_ALL, cancellable, &cause);

  return cause == NULL || explain (cause, error);
}

static gboolean
find_default (SecretService     *service,
              SecretCollection **collection,
              GCancellable      *cancellable,
              GError           **error)
{
  GError *cause = NULL;

  *collection = secret_collection_for_alias_sync (service, SECRET_COLLECTION_DEFAULT,
                                                  SECRET_COLLECTION_NONE, cancellable, &cause);

  /* A keyring that is named as the default and was never made */
  if (g_error_matches (cause, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_OBJECT) ||
      g_error_matches (cause, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_METHOD) ||
      g_error_matches (cause, SECRET_ERROR, SECRET_ERROR_NO_SUCH_OBJECT))
    g_clear_error (&cause);

  return cause == NULL || explain (cause, error);
}

/*
 * GNOME's keyring says "dismissed" also where nobody could have answered,
 * as over SSH: then the user closed nothing and must be told so.
 */
static gboolean
can_ask (SecretService *service)
{
  GDBusConnection *bus = g_dbus_proxy_get_connection (G_DBUS_PROXY (service));
  g_autoptr(GVariant) owned = NULL;
  g_autoptr(GVariant) activatable = NULL;
  g_autofree const char **names = NULL;
  gboolean has_owner = FALSE;

  owned = g_dbus_connection_call_sync (bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                       "NameHasOwner", g_variant_new ("(s)", PROMPTER), G_VARIANT_TYPE ("(b)"),
                                       G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);
  if (owned != NULL)
    g_variant_get (owned, "(b)", &has_owner);
  if (has_owner)
    return TRUE;

  /* It can be started, but it needs a screen to ask on. */
  if (g_getenv ("DISPLAY") == NULL && g_getenv ("WAYLAND_DISPLAY") == NULL)
    return FALSE;

  activatable = g_dbus_connection_call_sync (bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                             "org.freedesktop.DBus", "ListActivatableNames", NULL,
                                             G_VARIANT_TYPE ("(as)"), G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);
  if (activatable == NULL)
    return FALSE;

  g_variant_get (activatable, "(^a&s)", &names);

  return g_strv_contains (names, PROMPTER);
}

static gboolean
unlock (SecretService  *service,
        GList          *objects,
        GCancellable   *cancellable,
        GError        **error)
{
  GError *cause = NULL;
  int n_unlocked = secret_service_unlock_sync (service, objects, cancellable, NULL, &cause);

  if (cause != NULL)
    return explain (cause, error);
  if (n_unlocked > 0)
    return TRUE;

  return can_ask (service) ? fail_dismissed (error) : fail_locked (error);
}

static void
free_objects (GList *objects)
{
  g_list_free_full (objects, g_object_unref);
}

static GList *
list_locked (GList *items)
{
  GList *locked = NULL;

  for (GList *link = items; link != NULL; link = link->next)
    {
      if (secret_item_get_locked (link->data))
        locked = g_list_prepend (locked, g_object_ref (link->data));
    }

  return locked;
}

/* An older item of the same subscription may be left in another keyring. */
static SecretItem *
find_newest (GList *items)
{
  SecretItem *newest = NULL;

  for (GList *link = items; link != NULL; link = link->next)
    {
      if (newest == NULL || secret_item_get_modified (link->data) > secret_item_get_modified (newest))
        newest = link->data;
    }

  return newest;
}

static gboolean
read_item (SecretItem    *item,
           char         **text,
           GCancellable  *cancellable,
           GError       **error)
{
  g_autoptr(SecretValue) value = NULL;
  GError *cause = NULL;
  const char *bytes;
  gsize length = 0;

  if (secret_item_get_locked (item))
    return fail_locked (error);
  if (!secret_item_load_secret_sync (item, cancellable, &cause))
    return explain (cause, error);

  value = secret_item_get_secret (item);
  bytes = value != NULL ? secret_value_get (value, &length) : NULL;
  *text = g_strndup (bytes != NULL ? bytes : "", length);

  return TRUE;
}

/* Where libsecret keeps its file. */
static char *
dup_file_path (void)
{
  const char *path = g_getenv ("SECRET_FILE_TEST_PATH");

  if (path != NULL && *path != '\0')
    return g_strdup (path);

  return g_build_filename (g_get_user_data_dir (), "keyrings", SECRET_COLLECTION_DEFAULT ".keyring", NULL);
}

static gint64
get_file_time (const char *path)
{
  GStatBuf status;

  return g_stat (path, &status) == 0 ? (gint64) status.st_mtime : 0;
}

/*
 * libsecret sees that another program wrote its file by the file's time, in
 * whole seconds. So each writing moves it by one at least, or a rotated token
 * would be hidden from who read the file in the same second.
 */
static void
advance_file_time (const char *path,
                   gint64      before)
{
  struct timespec times[2] = { { .tv_nsec = UTIME_OMIT }, { .tv_sec = before + 1 } };

  if (before != 0 && get_file_time (path) <= before && utimensat (AT_FDCWD, path, times, 0) != 0)
    g_debug ("The time of the keyring's file could not be set: %s", g_strerror (errno));
}

static gboolean
file_store (const char    *label,
            const char    *text,
            GHashTable    *attributes,
            GCancellable  *cancellable,
            GError       **error)
{
  g_autofree char *path = dup_file_path ();
  gint64 before = get_file_time (path);
  GError *cause = NULL;

  if (!secret_password_storev_sync (&schema, attributes, SECRET_COLLECTION_DEFAULT, label, text, cancellable, &cause))
    return explain (cause, error);
  advance_file_time (path, before);

  return TRUE;
}

static gboolean
file_clear (GHashTable    *attributes,
            GCancellable  *cancellable,
            GError       **error)
{
  g_autofree char *path = dup_file_path ();
  gint64 before = get_file_time (path);
  GError *cause = NULL;

  secret_password_clearv_sync (&schema, attributes, cancellable, &cause);
  if (cause != NULL)
    return explain (cause, error);
  advance_file_time (path, before);

  return TRUE;
}

static gboolean
file_lookup (const char    *subscription_id,
             char         **text,
             GCancellable  *cancellable,
             GError       **error)
{
  g_autoptr(GHashTable) attributes = make_attributes (subscription_id);
  GError *cause = NULL;
  char *password = secret_password_lookupv_sync (&schema, attributes, cancellable, &cause);

  if (cause != NULL)
    return explain (cause, error);

  *text = g_strdup (password);
  secret_password_free (password);

  return TRUE;
}

/**
 * sluice_keyring_lookup:
 * @subscription_id: whose item
 * @text: (out) (nullable) (transfer full): what it holds, %NULL when there is none; free with sluice_secret_free()
 * @cancellable: (nullable): stops waiting
 * @error: one of the `SLUICE_ERROR_SECRETS_` codes
 *
 * Reads an item without asking the user anything.
 *
 * Returns: whether it is certain what the keyring holds
 */
gboolean
sluice_keyring_lookup (const char    *subscription_id,
                       char         **text,
                       GCancellable  *cancellable,
                       GError       **error)
{
  g_autoptr(SecretService) service = NULL;
  g_autoptr(SecretCollection) collection = NULL;
  SluiceSecretPlace place;
  gboolean success;
  GList *items;

  *text = NULL;

  if (!sluice_keyring_find_place (&place, cancellable, error))
    return FALSE;
  if (place == SLUICE_SECRET_PLACE_FILE)
    return file_lookup (subscription_id, text, cancellable, error);

  service = open_service (SECRET_SERVICE_OPEN_SESSION, cancellable, error);
  if (service == NULL || !find_items (service, subscription_id, &items, cancellable, error))
    return FALSE;

  if (items != NULL)
    {
      success = read_item (find_newest (items), text, cancellable, error);
      free_objects (items);
      return success;
    }

  /* Some services hide the items of a locked keyring, so nothing found says nothing yet. */
  if (!find_default (service, &collection, cancellable, error))
    return FALSE;
  if (collection != NULL && secret_collection_get_locked (collection))
    return fail_locked (error);

  return TRUE;
}

static SecretCollection *
make_default (SecretService  *service,
              GCancellable   *cancellable,
              GError        **error)
{
  GError *cause = NULL;
  SecretCollection *collection;

  collection = secret_collection_create_sync (service, _("Default Keyring"), SECRET_COLLECTION_DEFAULT,
                                              SECRET_COLLECTION_CREATE_NONE, cancellable, &cause);
  if (collection != NULL)
    return collection;

  if (cause != NULL && !g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_debug ("Keyring: %s", cause->message);

  if (cause != NULL && (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED) || is_missing_service (cause)))
    {
      explain (g_steal_pointer (&cause), error);
    }
  else if (can_ask (service))
    {
      fail_dismissed (error);
    }
  else
    {
      g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_SECRETS_UNAVAILABLE,
                           _("No keyring has been created yet, and nothing can ask for its password here. "
                             "Sign in to the desktop once, or keep the tokens for this session only."));
    }

  g_clear_error (&cause);
  return NULL;
}

static gboolean
open_default (SecretService  *service,
              GCancellable   *cancellable,
              GError        **error)
{
  g_autoptr(SecretCollection) collection = NULL;
  GList objects = { NULL, };

  if (!find_default (service, &collection, cancellable, error))
    return FALSE;
  if (collection == NULL)
    collection = make_default (service, cancellable, error);
  if (collection == NULL)
    return FALSE;
  if (!secret_collection_get_locked (collection))
    return TRUE;

  objects.data = collection;

  return unlock (service, &objects, cancellable, error);
}

static gboolean
store_text (const char    *subscription_id,
            const char    *label,
            const char    *text,
            GCancellable  *cancellable,
            GError       **error)
{
  g_autoptr(GHashTable) attributes = make_attributes (subscription_id);
  g_autoptr(SecretService) service = NULL;
  g_autoptr(SecretValue) value = NULL;
  SluiceSecretPlace place;
  GError *cause = NULL;

  if (!sluice_keyring_find_place (&place, cancellable, error))
    return FALSE;

  if (place == SLUICE_SECRET_PLACE_FILE)
    return file_store (label, text, attributes, cancellable, error);

  service = open_service (SECRET_SERVICE_OPEN_SESSION, cancellable, error);
  if (service == NULL || !open_default (service, cancellable, error))
    return FALSE;

  value = secret_value_new (text, -1, "text/plain");
  if (!secret_service_store_sync (service, &schema, attributes, SECRET_COLLECTION_DEFAULT, label, value,
                                  cancellable, &cause))
    return explain (cause, error);

  return TRUE;
}

/**
 * sluice_keyring_store:
 * @subscription_id: whose item
 * @label: the name that keyring programs show
 * @text: what the item shall hold
 * @cancellable: (nullable): stops waiting, for the user's password too
 * @error: one of the `SLUICE_ERROR_SECRETS_` codes
 *
 * Writes an item and reads it back, because a service that cannot write its
 * file may answer that all is well. Unlocks the keyring if need be.
 *
 * Returns: whether the keyring holds @text
 */
gboolean
sluice_keyring_store (const char    *subscription_id,
                      const char    *label,
                      const char    *text,
                      GCancellable  *cancellable,
                      GError       **error)
{
  char *kept = NULL;
  gboolean same;

  if (!store_text (subscription_id, label, text, cancellable, error) ||
      !sluice_keyring_lookup (subscription_id, &kept, cancellable, error))
    return FALSE;

  same = g_strcmp0 (kept, text) == 0;
  sluice_secret_free (kept);

  if (!same)
    g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_SECRETS_FAILED,
                         _("The keyring did not keep what was written. Check that its file can be written."));

  return same;
}

static gboolean
delete_items (GList         *items,
              GCancellable  *cancellable,
              GError       **error)
{
  for (GList *link = items; link != NULL; link = link->next)
    {
      GError *cause = NULL;

      if (!secret_item_delete_sync (link->data, cancellable, &cause))
        return explain (cause, error);
    }

  return TRUE;
}

/**
 * sluice_keyring_clear:
 * @subscription_id: whose item
 * @cancellable: (nullable): stops waiting, for the user's password too
 * @error: one of the `SLUICE_ERROR_SECRETS_` codes
 *
 * Deletes all items of a subscription. Unlocks the keyring if need be.
 *
 * Returns: whether nothing is left
 */
gboolean
sluice_keyring_clear (const char    *subscription_id,
                      GCancellable  *cancellable,
                      GError       **error)
{
  g_autoptr(GHashTable) attributes = make_attributes (subscription_id);
  g_autoptr(SecretService) service = NULL;
  SluiceSecretPlace place;
  GList *items, *locked;
  gboolean success;

  if (!sluice_keyring_find_place (&place, cancellable, error))
    return FALSE;

  if (place == SLUICE_SECRET_PLACE_FILE)
    return file_clear (attributes, cancellable, error);

  service = open_service (SECRET_SERVICE_OPEN_SESSION, cancellable, error);
  if (service == NULL || !find_items (service, subscription_id, &items, cancellable, error))
    return FALSE;

  locked = list_locked (items);
  success = (locked == NULL || unlock (service, locked, cancellable, error))
         && delete_items (items, cancellable, error);
  free_objects (locked);
  free_objects (items);

  return success;
}

/**
 * sluice_keyring_check:
 * @cancellable: (nullable): stops waiting
 * @error: %SLUICE_ERROR_SECRETS_UNAVAILABLE or %SLUICE_ERROR_SECRETS_LOCKED
 *
 * Returns: whether secrets can be read and written without asking the user
 */
gboolean
sluice_keyring_check (GCancellable  *cancellable,
                      GError       **error)
{
  g_autoptr(SecretCollection) collection = NULL;
  g_autoptr(SecretService) service = NULL;
  SluiceSecretPlace place;
  char *text = NULL;
  gboolean success;

  if (!sluice_keyring_find_place (&place, cancellable, error))
    return FALSE;

  if (place == SLUICE_SECRET_PLACE_FILE)
    {
      success = file_lookup ("check", &text, cancellable, error);
      sluice_secret_free (text);
      return success;
    }

  service = open_service (SECRET_SERVICE_NONE, cancellable, error);
  if (service == NULL || !find_default (service, &collection, cancellable, error))
    return FALSE;
  if (collection != NULL && secret_collection_get_locked (collection))
    return fail_locked (error);

  return TRUE;
}

/**
 * sluice_keyring_unlock:
 * @cancellable: (nullable): stops waiting for the password
 * @error: %SLUICE_ERROR_SECRETS_DISMISSED when the user closed the question,
 *   %SLUICE_ERROR_SECRETS_LOCKED when nothing could ask it
 *
 * Unlocks the default keyring and every other one that holds items of ours.
 *
 * Returns: whether all are unlocked
 */
gboolean
sluice_keyring_unlock (GCancellable  *cancellable,
                       GError       **error)
{
  g_autoptr(SecretCollection) collection = NULL;
  g_autoptr(SecretService) service = NULL;
  SluiceSecretPlace place;
  GList *items, *locked;
  gboolean success;

  if (!sluice_keyring_find_place (&place, cancellable, error))
    return FALSE;
  if (place == SLUICE_SECRET_PLACE_FILE)
    return TRUE;

  service = open_service (SECRET_SERVICE_NONE, cancellable, error);
  if (service == NULL ||
      !find_default (service, &collection, cancellable, error) ||
      !find_items (service, NULL, &items, cancellable, error))
    return FALSE;

  locked = list_locked (items);
  if (collection != NULL && secret_collection_get_locked (collection))
    locked = g_list_prepend (locked, g_object_ref (collection));

  success = locked == NULL || unlock (service, locked, cancellable, error);
  free_objects (locked);
  free_objects (items);

  return success;
}

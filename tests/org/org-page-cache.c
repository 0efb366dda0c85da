/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Long pages that were made once. As long as no record is written, a query has the same pages, so a benchmark
 * measures its client and not how fast SQLite computes records. They lie in a file without a name, mapped into
 * memory: the kernel may let go of them. */

#include "org-page-cache.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

#define MAX_SIZE (G_GUINT64_CONSTANT (6) << 30)
#define LEVEL 6
#define MAX_STORED 65535
#define WINDOW_RAW (-15)

struct _OrgPageCache
{
  GHashTable *pages;         /* key → OrgPage */
  GHashTable *counts;        /* key → guint64 */
  int fd;                    /* or -1 */
  guint64 size;
};

typedef struct
{
  gpointer start;
  gsize size;
} Mapping;

static void
page_clear (gpointer data)
{
  OrgPage *page = data;

  g_bytes_unref (page->text);
  g_clear_pointer (&page->deflated, g_bytes_unref);
}

/**
 * org_page_ref:
 * @page: a page
 *
 * Returns: (transfer full): @page
 */
OrgPage *
org_page_ref (OrgPage *page)
{
  return g_atomic_rc_box_acquire (page);
}

/**
 * org_page_unref:
 * @page: (transfer full): a page
 *
 * Lets go of @page.
 */
void
org_page_unref (OrgPage *page)
{
  g_atomic_rc_box_release_full (page, page_clear);
}

/* Not in the folder for short-lived files: that may be in memory. */
static int
open_file (void)
{
  int fd = open ("/var/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

  if (fd < 0)
    fd = open (g_get_tmp_dir (), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

  return fd;
}

static void
forget_all (OrgPageCache *self)
{
  g_hash_table_remove_all (self->pages);
  if (self->fd >= 0)
    close (self->fd);
  self->fd = open_file ();
  self->size = 0;
}

/**
 * org_page_cache_new:
 *
 * Returns: (transfer full): a cache; only one thread may use it
 */
OrgPageCache *
org_page_cache_new (void)
{
  OrgPageCache *self = g_new0 (OrgPageCache, 1);

  self->pages = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) org_page_unref);
  self->counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->fd = -1;

  return self;
}

/**
 * org_page_cache_free:
 * @self: (transfer full): a cache
 *
 * Forgets all pages but those that somebody still holds.
 */
void
org_page_cache_free (OrgPageCache *self)
{
  g_hash_table_unref (self->pages);
  g_hash_table_unref (self->counts);
  if (self->fd >= 0)
    close (self->fd);
  g_free (self);
}

static void
mapping_free (gpointer data)
{
  Mapping *mapping = data;

  munmap (mapping->start, mapping->size);
  g_free (mapping);
}

static gboolean
write_all (int           fd,
           const guint8 *data,
           gsize         size,
           guint64       offset)
{
  while (size > 0)
    {
      gssize written = pwrite (fd, data, size, (off_t) offset);

      if (written < 0 && errno == EINTR)
        continue;
      if (written <= 0)
        return FALSE;

      data += written;
      size -= (gsize) written;
      offset += (guint64) written;
    }

  return TRUE;
}

/* Moves data into the file; where that is not possible it stays where it is. */
static GBytes *
keep (OrgPageCache *self,
      GBytes       *bytes)
{
  gsize unit = (gsize) sysconf (_SC_PAGESIZE);
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  gpointer start;
  Mapping *mapping;

  if (self->fd < 0 || size == 0 || !write_all (self->fd, data, size, self->size))
    return bytes;

  start = mmap (NULL, size, PROT_READ, MAP_SHARED, self->fd, (off_t) self->size);
  if (start == MAP_FAILED)
    return bytes;

  self->size += (size + unit - 1) / unit * unit;
  mapping = g_new (Mapping, 1);
  *mapping = (Mapping) { start, size };
  g_bytes_unref (bytes);

  return g_bytes_new_with_free_func (start, size, mapping_free, mapping);
}

/**
 * org_page_cache_key:
 * @data: the org
 * @plan: a query
 * @form: how the page is written
 * @offset: the record it begins with
 * @n: how many records it has at most
 *
 * Names a page. Whenever a record is written, all pages get other names.
 *
 * Returns: (transfer full): a name that no other page has
 */
char *
org_page_cache_key (OrgData       *data,
                    const OrgPlan *plan,
                    const char    *form,
                    guint64        offset,
                    guint64        n)
{
  GString *key = g_string_new (NULL);

  g_string_printf (key, "%s|%" G_GUINT64_FORMAT "|%" G_GUINT64_FORMAT "|%d|%s|%s", form, offset, n,
                   sqlite3_total_changes (org_data_get_database (data)), plan->source, plan->sql);

  for (guint i = 0; i < plan->parameters->len; i++)
    {
      const OrgParam *param = g_ptr_array_index (plan->parameters, i);

      if (param->kind == ORG_PARAM_TEXT)
        g_string_append_printf (key, "|%s", param->text);
      else if (param->kind == ORG_PARAM_INT)
        g_string_append_printf (key, "|%" G_GINT64_FORMAT, param->integer);
      else
        g_string_append_printf (key, "|%.17g", param->real);
    }

  return g_string_free (key, FALSE);
}

/**
 * org_page_cache_find:
 * @self: a cache
 * @key: what org_page_cache_key() made
 *
 * Returns: (transfer full) (nullable): the page
 */
OrgPage *
org_page_cache_find (OrgPageCache *self,
                     const char   *key)
{
  OrgPage *page = g_hash_table_lookup (self->pages, key);

  return page != NULL ? org_page_ref (page) : NULL;
}

/**
 * org_page_cache_add:
 * @self: a cache
 * @key: what org_page_cache_key() made
 * @text: (transfer full): the page
 * @n_rows: how many records are on it
 *
 * Keeps a page.
 *
 * Returns: (transfer full): the page
 */
OrgPage *
org_page_cache_add (OrgPageCache *self,
                    const char   *key,
                    GString      *text,
                    guint         n_rows)
{
  OrgPage *page = g_atomic_rc_box_new0 (OrgPage);

  if (self->fd < 0 || self->size > MAX_SIZE)
    forget_all (self);

  page->n_rows = n_rows;
  page->crc = (guint32) crc32_z (0, (const Bytef *) text->str, text->len);
  page->text = keep (self, g_string_free_to_bytes (text));
  g_hash_table_insert (self->pages, g_strdup (key), org_page_ref (page));

  return page;
}

/**
 * org_page_cache_find_count:
 * @self: a cache
 * @key: what org_page_cache_key() made
 * @count: (out): how many records there are
 *
 * Returns: whether that is known
 */
gboolean
org_page_cache_find_count (OrgPageCache *self,
                           const char   *key,
                           guint64      *count)
{
  const guint64 *known = g_hash_table_lookup (self->counts, key);

  if (known == NULL)
    return FALSE;

  *count = *known;

  return TRUE;
}

/**
 * org_page_cache_add_count:
 * @self: a cache
 * @key: what org_page_cache_key() made
 * @count: how many records there are
 *
 * Keeps a count.
 */
void
org_page_cache_add_count (OrgPageCache *self,
                          const char   *key,
                          guint64       count)
{
  g_hash_table_insert (self->counts, g_strdup (key), g_memdup2 (&count, sizeof count));
}

static GBytes *
deflate_page (GBytes *text)
{
  gsize size;
  gconstpointer data = g_bytes_get_data (text, &size);
  z_stream stream = { 0 };
  guint8 *out;
  gsize bound;
  int result;

  result = deflateInit2 (&stream, LEVEL, Z_DEFLATED, WINDOW_RAW, 8, Z_DEFAULT_STRATEGY);
  g_assert (result == Z_OK);
  bound = deflateBound (&stream, size);
  out = g_malloc (bound);
  stream.next_in = (Bytef *) data;
  stream.avail_in = (uInt) size;
  stream.next_out = out;
  stream.avail_out = (uInt) bound;
  result = deflate (&stream, Z_FINISH);
  g_assert (result == Z_STREAM_END);
  size = bound - stream.avail_out;
  deflateEnd (&stream);

  return g_bytes_new_take (g_realloc (out, size), size);
}

static void
append_number (GByteArray *array,
               guint32     number,
               guint       n_bytes)
{
  number = GUINT32_TO_LE (number);
  g_byte_array_append (array, (const guint8 *) &number, n_bytes);
}

/* The head changes with every call: it goes before the page as blocks that are not compressed. */
static GBytes *
gzip_head (GString *head)
{
  static const guint8 magic[] = { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3 };
  GByteArray *start = g_byte_array_new ();

  g_byte_array_append (start, magic, sizeof magic);
  for (gsize at = 0; at < head->len; at += MAX_STORED)
    {
      guint32 n = (guint32) MIN (head->len - at, MAX_STORED);

      append_number (start, 0, 1);
      append_number (start, n, 2);
      append_number (start, ~n, 2);
      g_byte_array_append (start, (const guint8 *) head->str + at, n);
    }

  return g_byte_array_free_to_bytes (start);
}

/**
 * org_page_cache_gzip:
 * @self: a cache
 * @page: a page of it
 * @head: what goes before it
 *
 * Compresses @head and @page; the page only once.
 *
 * Returns: (transfer full) (element-type GBytes): a gzip file in pieces
 */
GPtrArray *
org_page_cache_gzip (OrgPageCache *self,
                     OrgPage      *page,
                     GString      *head)
{
  GPtrArray *pieces = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  GByteArray *end = g_byte_array_new ();
  gsize size = g_bytes_get_size (page->text);
  uLong crc = crc32_z (0, (const Bytef *) head->str, head->len);

  if (page->deflated == NULL)
    page->deflated = keep (self, deflate_page (page->text));

  append_number (end, (guint32) crc32_combine (crc, page->crc, (z_off_t) size), 4);
  append_number (end, (guint32) (head->len + size), 4);
  g_ptr_array_add (pieces, gzip_head (head));
  g_ptr_array_add (pieces, g_bytes_ref (page->deflated));
  g_ptr_array_add (pieces, g_byte_array_free_to_bytes (end));

  return pieces;
}

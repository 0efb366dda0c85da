/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-port-owner.h"

#include <stdio.h>

/* The state TCP_LISTEN in /proc/net/tcp. */
#define LISTEN 0x0a

/* "  0: 0100007F:1E25 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 12345 …" */
static guint64
read_line (const char *line,
           guint16     port)
{
  unsigned int line_port, state;
  unsigned long long inode;

  if (sscanf (line, " %*u: %*[0-9A-Fa-f]:%x %*[0-9A-Fa-f]:%*x %x %*s %*s %*s %*u %*u %llu",
              &line_port, &state, &inode) != 3)
    return 0;

  return line_port == port && state == LISTEN ? inode : 0;
}

static void
add_inodes (GHashTable *sockets,
            const char *table,
            guint16     port)
{
  g_autofree char *text = NULL;
  g_auto(GStrv) lines = NULL;

  if (!g_file_get_contents (table, &text, NULL, NULL))
    return;

  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      guint64 inode = read_line (lines[i], port);

      if (inode != 0)
        g_hash_table_add (sockets, g_strdup_printf ("socket:[%" G_GUINT64_FORMAT "]", inode));
    }
}

static gboolean
has_socket (const char *process,
            GHashTable *sockets)
{
  g_autofree char *path = g_build_filename ("/proc", process, "fd", NULL);
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *link = g_build_filename (path, name, NULL);
      g_autofree char *target = g_file_read_link (link, NULL);

      if (target != NULL && g_hash_table_contains (sockets, target))
        return TRUE;
    }

  return FALSE;
}

static char *
dup_program (const char *process)
{
  g_autofree char *path = g_build_filename ("/proc", process, "comm", NULL);
  g_autofree char *name = NULL;

  if (!g_file_get_contents (path, &name, NULL, NULL))
    return NULL;

  g_strstrip (name);

  return *name != '\0' ? g_utf8_make_valid (name, -1) : NULL;
}

/**
 * sluice_port_owner_find:
 * @port: a TCP port that is in use
 *
 * Looks in `/proc` for the program that listens on @port. It reads many files
 * and so belongs on a thread. Only programs of the same user can be seen.
 *
 * Returns: (transfer full) (nullable): the program's name, %NULL when it cannot be told
 */
char *
sluice_port_owner_find (guint16 port)
{
  g_autoptr(GHashTable) sockets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GDir) dir = NULL;
  const char *name;

  add_inodes (sockets, "/proc/net/tcp", port);
  add_inodes (sockets, "/proc/net/tcp6", port);
  if (g_hash_table_size (sockets) == 0)
    return NULL;

  dir = g_dir_open ("/proc", 0, NULL);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      if (g_ascii_isdigit (*name) && has_socket (name, sockets))
        return dup_program (name);
    }

  return NULL;
}

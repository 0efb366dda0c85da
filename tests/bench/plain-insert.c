/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * plain-insert CSV DATABASE: the yardstick for transfers into a table
 *
 * Reads rows from a file and inserts them with one prepared statement, with the settings and into the table that Sluice
 * makes; nothing else. It is what the disk and SQLite cost, so it uses nothing of Sluice.
 */

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_COLUMNS 64
#define ROWS_PER_TRANSACTION 50000

/* As app/store/sluice-table-sink.c has them. */
#define SETTINGS \
  "PRAGMA page_size = 16384;" \
  "PRAGMA journal_mode = TRUNCATE;" \
  "PRAGMA synchronous = NORMAL;" \
  "PRAGMA cache_size = -65536;"

typedef struct
{
  char *text;
  int length;
} Cell;

static void
fail (const char *what)
{
  fprintf (stderr, "plain-insert: %s\n", what);
  exit (1);
}

static void
run (sqlite3    *database,
     const char *sql)
{
  if (sqlite3_exec (database, sql, NULL, NULL, NULL) != SQLITE_OK)
    fail (sqlite3_errmsg (database));
}

/* A private mapping: doubled quotes are taken out in place. */
static char *
map_file (const char *path,
          size_t     *size)
{
  struct stat status;
  int fd = open (path, O_RDONLY);
  char *text;

  if (fd < 0 || fstat (fd, &status) != 0)
    fail (path);

  *size = (size_t) status.st_size;
  text = mmap (NULL, *size, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
  close (fd);
  if (text == MAP_FAILED)
    fail (path);

  return text;
}

static char *
read_quoted (char *at,
             char *end,
             Cell *cell)
{
  char *to = ++at;

  cell->text = at;
  for (;;)
    {
      char *quote = memchr (at, '"', (size_t) (end - at));

      if (quote == NULL)
        fail ("a quote is missing");
      if (to != at)
        memmove (to, at, (size_t) (quote - at));
      to += quote - at;
      at = quote + 1;
      if (at == end || *at != '"')
        break;
      *to++ = *at++;
    }
  cell->length = (int) (to - cell->text);

  return at;
}

static char *
read_row (char *at,
          char *end,
          Cell *cells,
          int  *n_cells)
{
  *n_cells = 0;

  while (at < end && *n_cells < MAX_COLUMNS)
    {
      Cell *cell = &cells[(*n_cells)++];

      if (*at == '"')
        {
          at = read_quoted (at, end, cell);
        }
      else
        {
          cell->text = at;
          while (at < end && *at != ',' && *at != '\n' && *at != '\r')
            at++;
          cell->length = (int) (at - cell->text);
        }

      if (at < end && *at == '\r')
        at++;
      if (at == end || *at++ == '\n')
        break;
    }

  return at;
}

static sqlite3_stmt *
create (sqlite3    *database,
        const Cell *names,
        int         n_columns)
{
  sqlite3_stmt *insert;
  char table[4096] = "";
  char statement[256] = "";

  for (int i = 0; i < n_columns; i++)
    {
      snprintf (table + strlen (table), sizeof table - strlen (table), "%s\"%.*s\"%s",
                i > 0 ? ", " : "CREATE TABLE \"Account\" (", names[i].length, names[i].text,
                names[i].length == 2 && memcmp (names[i].text, "Id", 2) == 0 ? " TEXT PRIMARY KEY NOT NULL" : "");
      snprintf (statement + strlen (statement), sizeof statement - strlen (statement), "%s?",
                i > 0 ? "," : "INSERT INTO \"Account\" VALUES (");
    }
  strcat (table, ")");
  strcat (statement, ")");

  run (database, SETTINGS);
  run (database, table);
  if (sqlite3_prepare_v2 (database, statement, -1, &insert, NULL) != SQLITE_OK)
    fail (sqlite3_errmsg (database));

  return insert;
}

static void
insert_row (sqlite3      *database,
            sqlite3_stmt *insert,
            const Cell   *cells,
            int           n_cells)
{
  for (int i = 0; i < n_cells; i++)
    {
      if (cells[i].length == 0)
        sqlite3_bind_null (insert, i + 1);
      else
        sqlite3_bind_text (insert, i + 1, cells[i].text, cells[i].length, SQLITE_STATIC);
    }

  if (sqlite3_step (insert) != SQLITE_DONE)
    fail (sqlite3_errmsg (database));
  sqlite3_reset (insert);
}

int
main (int   argc,
      char *argv[])
{
  sqlite3 *database;
  sqlite3_stmt *insert;
  Cell cells[MAX_COLUMNS];
  unsigned n_rows = 0;
  size_t size;
  char *at, *end;
  int n_columns, n_cells;

  if (argc != 3)
    fail ("say which file goes into which database");

  at = map_file (argv[1], &size);
  end = at + size;
  if (sqlite3_open (argv[2], &database) != SQLITE_OK)
    fail (sqlite3_errmsg (database));

  at = read_row (at, end, cells, &n_columns);
  insert = create (database, cells, n_columns);

  while (at < end)
    {
      at = read_row (at, end, cells, &n_cells);
      if (n_cells != n_columns)
        fail ("a row has another number of values");
      if (n_rows % ROWS_PER_TRANSACTION == 0)
        run (database, n_rows > 0 ? "COMMIT; BEGIN IMMEDIATE" : "BEGIN IMMEDIATE");
      insert_row (database, insert, cells, n_cells);
      n_rows++;
    }
  run (database, "COMMIT");
  run (database, "PRAGMA journal_mode = DELETE");
  sqlite3_finalize (insert);
  sqlite3_close (database);
  printf ("%u\n", n_rows);

  return 0;
}

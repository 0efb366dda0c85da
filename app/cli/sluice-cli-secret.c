/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-cli.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "sluice-error.h"

/* Far more than any consumer secret has */
#define MAX_SECRET 4096

static gboolean
hide_typing (struct termios *before)
{
  struct termios hidden;

  if (!isatty (STDIN_FILENO) || tcgetattr (STDIN_FILENO, before) != 0)
    return FALSE;

  hidden = *before;
  hidden.c_lflag &= ~(tcflag_t) ECHO;

  return tcsetattr (STDIN_FILENO, TCSAFLUSH, &hidden) == 0;
}

/**
 * sluice_cli_read_secret:
 * @prompt: what to ask for, when somebody types
 * @error: why there is no secret
 *
 * Reads one line from standard input, without showing what is typed. A secret
 * on a command line or in the environment could be read by others.
 *
 * Returns: (transfer full) (nullable): the secret, to be freed with sluice_secret_free()
 */
char *
sluice_cli_read_secret (const char  *prompt,
                        GError     **error)
{
  char line[MAX_SECRET] = "";
  struct termios before;
  gboolean hidden;
  char *secret;

  /* Nothing may stay in a buffer of stdio. */
  setvbuf (stdin, NULL, _IONBF, 0);

  hidden = hide_typing (&before);
  if (hidden)
    g_printerr ("%s: ", prompt);

  secret = fgets (line, sizeof line, stdin);

  if (hidden)
    {
      tcsetattr (STDIN_FILENO, TCSAFLUSH, &before);
      g_printerr ("\n");
    }

  if (secret == NULL || (strlen (line) == sizeof line - 1 && strchr (line, '\n') == NULL))
    {
      explicit_bzero (line, sizeof line);
      g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                           _("Standard input must hold the secret, on one line."));
      return NULL;
    }

  line[strcspn (line, "\r\n")] = '\0';
  secret = g_strdup (line);
  explicit_bzero (line, sizeof line);

  return secret;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Runs the real `sluicectl`, from SLUICECTL, in a private home, with libsecret's file instead of a keyring, and with no
 * bus, display or browser. */
typedef struct
{
  char *path;
  char *out; /* of the last run */
  char *err;
} CliHome;

CliHome     *cli_home_new   (void);
void         cli_home_free  (CliHome            *self);

char        *cli_home_dup_subscription_file (CliHome    *self,
                                             const char *id);

char       **cli_home_dup_environment (CliHome    *self,
                                       const char *backend);

/* @backend is "file", or "service" for a keyring that is not there. */
GSubprocess *cli_home_start (CliHome            *self,
                             const char         *backend,
                             const char * const *words);
int          cli_home_end   (CliHome            *self,
                             GSubprocess        *process,
                             const char         *input);
int          cli_home_run   (CliHome            *self,
                             const char         *backend,
                             const char         *input,
                             const char * const *words);

G_END_DECLS

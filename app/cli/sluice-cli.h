/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "sluice-integration-file.h"
#include "sluice-limit.h"
#include "sluice-secrets.h"
#include "sluice-subscription-draft.h"
#include "sluice-subscription-store.h"
#include "sluice-workspace.h"

G_BEGIN_DECLS

/* The exit status when a command ended in order, but not all of it worked */
#define SLUICE_CLI_PARTLY 3

/**
 * SluiceCli:
 * @workspace: connections
 * @store: the subscriptions
 * @secrets: their tokens
 * @cancellable: cancelled when the user presses Ctrl+C
 * @status: the exit status of a failure that is not like others, else 0
 *
 * What all commands share.
 */
typedef struct
{
  SluiceWorkspace *workspace;
  SluiceSubscriptionStore *store;
  SluiceCredentialStore *secrets;
  GCancellable *cancellable;
  int status;
} SluiceCli;

typedef gboolean (*SluiceCliFunc) (SluiceCli  *cli,
                                   int         argc,
                                   char       *argv[],
                                   GError    **error);

/**
 * SluiceCliCommand:
 * @name: the word on the command line
 * @summary: what it does, marked for translation
 * @run: does it
 *
 * One command; tables of them end with an empty one.
 */
typedef struct
{
  const char *name;
  const char *summary;
  SluiceCliFunc run;
} SluiceCliCommand;

gboolean            sluice_cli_dispatch (SluiceCli               *cli,
                                         const SluiceCliCommand  *commands,
                                         int                      argc,
                                         char                    *argv[],
                                         GError                 **error);
char              **sluice_cli_parse    (int                      argc,
                                         char                    *argv[],
                                         const GOptionEntry      *entries,
                                         const char              *parameters,
                                         guint                    n_parameters,
                                         GError                 **error);
char              **sluice_cli_parse_full (int                    argc,
                                         char                    *argv[],
                                         const GOptionEntry      *entries,
                                         gpointer                 data,
                                         const char              *parameters,
                                         guint                    min_parameters,
                                         guint                    max_parameters,
                                         GError                 **error);
gboolean            sluice_cli_load     (SluiceCli               *cli,
                                         GError                 **error);
SluiceSubscription *sluice_cli_find     (SluiceCli               *cli,
                                         const char              *name,
                                         GError                 **error);
SluiceSubscription *sluice_cli_find_usable (SluiceCli            *cli,
                                         const char              *name,
                                         GError                 **error);
void                sluice_cli_keep     (GObject                 *object,
                                         GAsyncResult            *result,
                                         gpointer                 place);
GAsyncResult       *sluice_cli_wait     (GAsyncResult           **place);
char               *sluice_cli_describe (SluiceSubscription      *subscription);

SluiceConnection   *sluice_cli_connect        (SluiceCli            *cli,
                                               const char           *name,
                                               GError              **error);
gboolean            sluice_cli_verify         (SluiceCli            *cli,
                                               SluiceConnection     *connection,
                                               GError              **error);
gboolean            sluice_cli_accept         (SluiceCli            *cli,
                                               SluiceConnection     *connection,
                                               GError              **error);
void                sluice_cli_finish_saving  (SluiceCli            *cli);
char               *sluice_cli_format_number  (gint64                number);
char               *sluice_cli_format_limit   (SluiceLimit          *limit);
void                sluice_cli_print_connection (SluiceConnection   *connection,
                                                 gboolean            json);
void                sluice_cli_print_limits   (GListModel           *limits,
                                               gboolean              json);
char               *sluice_cli_read_secret    (const char           *prompt,
                                               GError              **error);

gboolean            sluice_cli_set_field  (SluiceSubscriptionDraft  *draft,
                                           const char               *name,
                                           const char               *value,
                                           GError                  **error);
gboolean            sluice_cli_save_draft (SluiceCli                *cli,
                                           SluiceSubscriptionDraft  *draft,
                                           GError                  **error);

gboolean            sluice_cli_authenticate           (SluiceCli  *cli,
                                                       int         argc,
                                                       char       *argv[],
                                                       GError    **error);
gboolean            sluice_cli_describe_command       (SluiceCli  *cli,
                                                       int         argc,
                                                       char       *argv[],
                                                       GError    **error);
gboolean            sluice_cli_disconnect             (SluiceCli  *cli,
                                                       int         argc,
                                                       char       *argv[],
                                                       GError    **error);
gboolean            sluice_cli_doctor                 (SluiceCli  *cli,
                                                       int         argc,
                                                       char       *argv[],
                                                       GError    **error);
gboolean            sluice_cli_limits                 (SluiceCli  *cli,
                                                       int         argc,
                                                       char       *argv[],
                                                       GError    **error);
gboolean            sluice_cli_import                 (SluiceCli  *cli,
                                                       int         argc,
                                                       char       *argv[],
                                                       GError    **error);
gboolean            sluice_cli_query                  (SluiceCli  *cli,
                                                       int         argc,
                                                       char       *argv[],
                                                       GError    **error);
gboolean            sluice_cli_verify_command         (SluiceCli  *cli,
                                                       int         argc,
                                                       char       *argv[],
                                                       GError    **error);
gboolean            sluice_cli_subscription           (SluiceCli  *cli,
                                                       int         argc,
                                                       char       *argv[],
                                                       GError    **error);
gboolean            sluice_cli_subscription_add       (SluiceCli  *cli,
                                                       int         argc,
                                                       char       *argv[],
                                                       GError    **error);
gboolean            sluice_cli_subscription_delete    (SluiceCli  *cli,
                                                       int         argc,
                                                       char       *argv[],
                                                       GError    **error);
gboolean            sluice_cli_subscription_duplicate (SluiceCli  *cli,
                                                       int         argc,
                                                       char       *argv[],
                                                       GError    **error);
gboolean            sluice_cli_subscription_export    (SluiceCli  *cli,
                                                       int         argc,
                                                       char       *argv[],
                                                       GError    **error);
gboolean            sluice_cli_subscription_import    (SluiceCli  *cli,
                                                       int         argc,
                                                       char       *argv[],
                                                       GError    **error);
gboolean            sluice_cli_subscription_list      (SluiceCli  *cli,
                                                       int         argc,
                                                       char       *argv[],
                                                       GError    **error);
gboolean            sluice_cli_subscription_set       (SluiceCli  *cli,
                                                       int         argc,
                                                       char       *argv[],
                                                       GError    **error);
gboolean            sluice_cli_subscription_show      (SluiceCli  *cli,
                                                       int         argc,
                                                       char       *argv[],
                                                       GError    **error);

G_END_DECLS

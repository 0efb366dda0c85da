/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sluice-connection.h"

#include "sluice-integration.h"

G_BEGIN_DECLS

struct _SluiceConnection
{
  GObject parent_instance;

  SluiceSubscription *subscription;
  SluiceCredentialStore *store;
  SluiceClock *clock;

  SluiceClient *client;
  SluiceThrottle *throttle;
  SluiceCallList *calls;
  GListStore *limits;
  SluiceDescribeCache *describe_cache; /* (nullable): until it is needed */
  SluiceBudget *budget;           /* (nullable) */
  SluiceSignIn *sign_in;          /* (nullable) */
  SluiceOrganization *unexpected; /* (nullable) */
  SluiceCredentials *unsaved;     /* (nullable), new tokens that could not be stored */
  GError *not_saved;              /* (nullable), why renewed tokens are in memory only */
  SluiceSecretPlace place;        /* of what is stored */
  gboolean verified;
  char *verified_identity;        /* (nullable), whose tokens they were then */

  GTask *running;                 /* (owned) (nullable) */
  GQueue waiting;                 /* (element-type GTask) (owned) */
  SluiceBudget *refreshing;       /* (nullable), what the limits under way are for */
};

/* What a new operation does to those before it. */
typedef enum
{
  SLUICE_SUPERSEDES_NOTHING,
  SLUICE_SUPERSEDES_VERIFICATION,
  SLUICE_SUPERSEDES_SIGN_IN, /* and verification */
} SluiceSupersedes;

typedef enum
{
  SLUICE_OPERATION_SHORT, /* works with the keyring only, and is never superseded */
  SLUICE_OPERATION_VERIFICATION,
  SLUICE_OPERATION_SIGN_IN,
} SluiceOperationKind;

/* The data of a task. */
typedef struct
{
  /* Inputs */
  void (*start) (SluiceConnection *self,
                 GTask            *task);
  SluiceOperationKind kind;
  GCancellable *cancellable;
  gulong cancelled_id;
  gboolean flag; /* revoke, or session only */
  SluiceTokenKind token;
  SluiceSignInWith with;
  char *secret;  /* (nullable) */

  /* In progress */
  SluiceStatus previous_status;
  GError *revoke_error; /* (nullable) */
} SluiceOperation;

/* Operations: one at a time, in the order they came. */
GTask           *sluice_operation_new             (SluiceConnection     *self,
                                                   gpointer              source_tag,
                                                   void                (*start) (SluiceConnection *, GTask *),
                                                   SluiceOperationKind   kind,
                                                   GCancellable         *cancellable,
                                                   GAsyncReadyCallback   callback,
                                                   gpointer              user_data);
SluiceOperation *sluice_operation_get             (GTask *task);
GCancellable    *sluice_operation_get_cancellable (GTask *task);
gboolean         sluice_operation_is_cancelled    (const GError *error);
void             sluice_connection_supersede      (SluiceConnection *self,
                                                   SluiceSupersedes  supersedes);
void             sluice_connection_push_operation (SluiceConnection *self,
                                                   GTask            *task,
                                                   SluiceSupersedes  supersedes);
void             sluice_connection_end_operation  (SluiceConnection *self,
                                                   GTask            *task,
                                                   GError           *error);

/* How the subscription fares. */
void               sluice_connection_fail_operation   (SluiceConnection *self,
                                                       GTask            *task,
                                                       GError           *error);
SluiceIntegration *sluice_connection_find_integration (SluiceConnection  *self,
                                                       GError           **error);
void               sluice_connection_settle_status    (SluiceConnection *self);
void               sluice_connection_restore_status   (SluiceConnection *self,
                                                       GTask            *task);
void               sluice_connection_set_sign_in      (SluiceConnection *self,
                                                       SluiceSignIn     *sign_in);
void               sluice_connection_set_unexpected   (SluiceConnection   *self,
                                                       SluiceOrganization *organization);
void               sluice_connection_set_session_only (SluiceConnection *self,
                                                       gboolean          session_only);

/* Tokens: read, stored, and what follows from them. */
gboolean sluice_connection_has_tokens        (SluiceConnection *self);
gboolean sluice_connection_check_login_url   (SluiceConnection  *self,
                                              GError           **error);
void     sluice_connection_follow_login_url  (SluiceConnection *self);
void     sluice_connection_follow_tokens     (SluiceConnection *self);
void     sluice_connection_load_tokens       (SluiceConnection    *self,
                                              GTask               *task,
                                              GAsyncReadyCallback  callback);
void     sluice_connection_save_tokens       (SluiceConnection        *self,
                                              GTask                   *task,
                                              const SluiceCredentials *credentials,
                                              GAsyncReadyCallback      callback);
void     sluice_connection_take_tokens       (SluiceConnection *self);
void     sluice_connection_loaded_cb         (GObject      *object,
                                              GAsyncResult *result,
                                              gpointer      user_data);
void     sluice_connection_unsaved_stored_cb (GObject      *object,
                                              GAsyncResult *result,
                                              gpointer      user_data);

/* The budget of the org. */
void sluice_connection_set_budget    (SluiceConnection *self,
                                      const char       *org_id);
void sluice_connection_follow_budget (SluiceConnection *self);

/* Which org it is. */
void     sluice_connection_take_limits        (SluiceConnection *self,
                                               GListModel       *limits);
gboolean sluice_connection_is_verified        (SluiceConnection *self);
gboolean sluice_connection_check_organization (SluiceConnection    *self,
                                               SluiceOrganization  *organization,
                                               GError             **error);
void     sluice_connection_verify_with_tokens (SluiceConnection *self,
                                               GTask            *task);
void     sluice_connection_store_and_verify   (SluiceConnection *self,
                                               GTask            *task);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sluice-subscription-draft.h"
#include "sluice-workspace.h"

G_BEGIN_DECLS

gboolean sluice_subscription_commit_removes_tokens (SluiceSubscriptionDraft  *draft);

void     sluice_subscription_commit_async          (SluiceSubscriptionDraft  *draft,
                                                    SluiceWorkspace          *workspace,
                                                    GCancellable             *cancellable,
                                                    GAsyncReadyCallback       callback,
                                                    gpointer                  user_data);
gboolean sluice_subscription_commit_finish         (SluiceSubscriptionDraft  *draft,
                                                    GAsyncResult             *result,
                                                    GError                  **error);

G_END_DECLS

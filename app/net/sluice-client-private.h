/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sluice-carrier.h"
#include "sluice-client.h"

G_BEGIN_DECLS

void  sluice_client_carry_async (SluiceClient         *self,
                                 SluiceCarrier        *carrier,
                                 const SluiceRequest  *request,
                                 GCancellable         *cancellable,
                                 GAsyncReadyCallback   callback,
                                 gpointer              user_data);

G_END_DECLS

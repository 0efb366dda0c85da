/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-carrier.h"

G_DEFINE_INTERFACE (SluiceCarrier, sluice_carrier, G_TYPE_OBJECT)

static void
sluice_carrier_default_init (SluiceCarrierInterface *iface)
{
}

/**
 * sluice_carriage_free:
 * @self: (transfer full) (nullable): a carriage
 *
 * Frees @self. To be called in the main context: the message may hold the
 * call's slot.
 */
void
sluice_carriage_free (SluiceCarriage *self)
{
  if (self == NULL)
    return;

  g_clear_object (&self->message);
  g_clear_object (&self->cancellable);
  g_free (self);
}

/**
 * sluice_carrier_carry:
 * @self: a carrier
 * @carriage: (transfer full): what is sent
 *
 * Sends a call. Its answer may come before this returns.
 */
void
sluice_carrier_carry (SluiceCarrier  *self,
                      SluiceCarriage *carriage)
{
  g_return_if_fail (SLUICE_IS_CARRIER (self));
  g_return_if_fail (carriage != NULL);

  SLUICE_CARRIER_GET_IFACE (self)->carry (self, carriage);
}

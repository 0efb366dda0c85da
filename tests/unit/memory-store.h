/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sluice-credential-store.h"

G_BEGIN_DECLS

#define MEMORY_TYPE_STORE (memory_store_get_type ())

/* A credential store that forgets all at its end, and fails when the test says so. What is session-only never fails. */
G_DECLARE_FINAL_TYPE (MemoryStore, memory_store, MEMORY, STORE, GObject)

typedef enum
{
  MEMORY_STORE_LOAD,
  MEMORY_STORE_SAVE,
  MEMORY_STORE_CLEAR,
  MEMORY_STORE_N_VERBS,
} MemoryStoreVerb;

MemoryStore             *memory_store_new         (void);

/* From now on, until it is told 0 */
void                     memory_store_fail        (MemoryStore             *self,
                                                   MemoryStoreVerb          verb,
                                                   int                      code);
void                     memory_store_put         (MemoryStore             *self,
                                                   const char              *subscription_id,
                                                   const SluiceCredentials *credentials);
/* This one item cannot be understood until it is cleared or saved. */
void                     memory_store_break       (MemoryStore             *self,
                                                   const char              *subscription_id);
const SluiceCredentials *memory_store_peek        (MemoryStore             *self,
                                                   const char              *subscription_id);
const SluiceCredentials *memory_store_peek_session (MemoryStore            *self,
                                                    const char             *subscription_id);
const char              *memory_store_get_label   (MemoryStore             *self);
guint                    memory_store_count       (MemoryStore             *self,
                                                   MemoryStoreVerb          verb);

G_END_DECLS

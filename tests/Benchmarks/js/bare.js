'use strict'
// One core's cipher and hash without a stream, through the module's native library.
const sodium = require('sodium-native')
const L = require('./lib')
const CHUNK = 65536

function rate (action, seconds) {
  const t = L.now()
  let bytes = 0
  for (; L.now() - t < seconds; bytes += CHUNK) action()
  return bytes / 1e6 / (L.now() - t)
}
const runs = L.num('runs', 3); const secs = L.num('seconds', 1)
const key = Buffer.alloc(sodium.crypto_secretstream_xchacha20poly1305_KEYBYTES, 1)
const header = Buffer.alloc(sodium.crypto_secretstream_xchacha20poly1305_HEADERBYTES)
const state = Buffer.alloc(sodium.crypto_secretstream_xchacha20poly1305_STATEBYTES)
const plain = Buffer.alloc(CHUNK)
const cipher = Buffer.alloc(CHUNK + sodium.crypto_secretstream_xchacha20poly1305_ABYTES)
const tag = Buffer.alloc(1)
const message = sodium.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
const hash = Buffer.alloc(32)

function measure (metric, action) {
  L.mark()
  const out = []
  for (let i = 0; i < runs; i++) out.push(rate(action, secs))
  L.report(metric, 'MB/s', out)
}
sodium.crypto_secretstream_xchacha20poly1305_init_push(state, header, key)
const first = Buffer.from(header)
measure('bare.cipher.encrypt', () => sodium.crypto_secretstream_xchacha20poly1305_push(state, cipher, plain, null, message))
sodium.crypto_secretstream_xchacha20poly1305_init_pull(state, first, key)
sodium.crypto_secretstream_xchacha20poly1305_push(state, cipher, plain, null, message)
measure('bare.cipher.decrypt', () => {
  sodium.crypto_secretstream_xchacha20poly1305_init_pull(state, first, key)
  sodium.crypto_secretstream_xchacha20poly1305_pull(state, plain, tag, cipher, null)
})
measure('bare.blake2b.65536B', () => sodium.crypto_generichash(hash, plain))

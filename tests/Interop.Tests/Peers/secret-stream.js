'use strict'
// secret-stream.js --port N --pattern XX|IK [--initiator] [--key HEX]
// Connects over TCP, makes the handshake in the stream, serves and calls RPC methods, and prints one JSON object per event.
const net = require('net')
const NoiseSecretStream = require('@hyperswarm/secret-stream')
const Protomux = require('protomux')
const ProtomuxRPC = require('protomux-rpc')

const option = (name) => { const i = process.argv.indexOf('--' + name); return i < 0 ? null : process.argv[i + 1] }
const print = (event, fields) => console.log(JSON.stringify({ event, ...fields }))

const keyPair = NoiseSecretStream.keyPair(Buffer.alloc(32, 7))
const key = option('key')
print('key', { publicKey: keyPair.publicKey.toString('hex') })

const socket = net.connect(Number(option('port')), '127.0.0.1')
const stream = new NoiseSecretStream(process.argv.includes('--initiator'), socket, {
  pattern: option('pattern'), keyPair, remotePublicKey: key ? Buffer.from(key, 'hex') : null, keepAlive: 5000
})
stream.on('error', (err) => print('error', { message: err.message }))
stream.on('close', () => { print('closed'); process.exit(0) })

stream.opened.then((opened) => {
  if (!opened) return
  print('opened', { remotePublicKey: stream.remotePublicKey.toString('hex'), handshakeHash: stream.handshakeHash.toString('hex') })
  const mux = Protomux.from(stream)
  mux.pair({ protocol: 'declined' }, () => {})
  const rpc = new ProtomuxRPC(mux, { id: Buffer.from('id') })
  rpc.respond('echo', (value) => value)
  rpc.respond('fail', () => { throw Object.assign(new Error('on purpose'), { code: 'PURPOSE', context: 'a test' }) })
  rpc.respond('callback', async (value) => {
    rpc.cork()
    const calls = [rpc.request('echo', value), rpc.request('echo', Buffer.alloc(300000, 5))]
    rpc.uncork()
    const [small, large] = await Promise.all(calls)
    const error = await rpc.request('nope', null).catch((err) => err)
    print('called', { small: small.toString('hex'), large: large.byteLength, error: error.message })
    return small
  })
  rpc.respond('end', () => { setImmediate(() => stream.end()); return null })
})

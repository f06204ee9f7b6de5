'use strict'
// hyperswarm.js --bootstrap host:port --seed HEX [--max-peers N] [--refused HEX]
// Runs one hyperswarm and prints one JSON object per event. Commands on stdin, one JSON object a line:
//   {"op":"join","topic":HEX,"server":BOOL,"client":BOOL}  {"op":"leave","topic":HEX}  {"op":"refresh","topic":HEX}  {"op":"flush"}
//   {"op":"joinPeer","key":HEX}  {"op":"leavePeer","key":HEX}  {"op":"ban","key":HEX}  {"op":"end","key":HEX}  {"op":"state"}
//   {"op":"suspend"}  {"op":"resume"}
// Connections carry a protomux channel "echo"; the side with the lower key sends its key, the other returns it.
const Hyperswarm = require('hyperswarm')
const Protomux = require('protomux')
const c = require('compact-encoding')
const readline = require('readline')

const option = (name) => { const i = process.argv.indexOf('--' + name); return i < 0 ? null : process.argv[i + 1] }
const print = (event, fields) => console.log(JSON.stringify({ event, ...fields }))
const hex = (bytes) => bytes ? Buffer.from(bytes).toString('hex') : null
const buf = (text) => Buffer.from(text, 'hex')

const [host, port] = option('bootstrap').split(':')
const swarm = new Hyperswarm({
  seed: buf(option('seed')),
  bootstrap: [{ host, port: Number(port) }],
  maxPeers: Number(option('max-peers') || 64),
  firewall: (key) => hex(key) === option('refused'),
  backoffs: [300, 600, 900, 1200],
  jitter: 0
})
const sessions = new Map()

swarm.on('connection', (stream, info) => {
  const key = hex(stream.remotePublicKey)
  print('connection', { key, client: info.client, initiator: stream.isInitiator, topics: info.topics.map(hex) })
  stream.on('error', () => {})
  stream.on('close', () => print('closed', { key }))
  const sends = Buffer.compare(swarm.keyPair.publicKey, stream.remotePublicKey) < 0
  const channel = Protomux.from(stream).createChannel({ protocol: 'echo' })
  const echo = channel.addMessage({ encoding: c.raw, onmessage: (bytes) => sends ? print('echo', { key, data: hex(bytes) }) : echo.send(bytes) })
  channel.open()
  if (sends) echo.send(swarm.keyPair.publicKey)
})
swarm.on('ban', (info) => print('ban', { key: hex(info.publicKey) }))

async function handle (message) {
  const key = message.key ? buf(message.key) : null
  switch (message.op) {
    case 'join': {
      const session = swarm.join(buf(message.topic), { server: message.server !== false, client: message.client !== false })
      sessions.set(message.topic, session)
      await session.flushed()
      return print('joined', { topic: message.topic })
    }
    case 'leave':
      await swarm.leave(buf(message.topic))
      return print('left', { topic: message.topic })
    case 'refresh':
      await sessions.get(message.topic).refresh()
      return print('refreshed', { topic: message.topic })
    case 'flush':
      await swarm.flush()
      return print('flushed', { connections: [...swarm.connections].map((stream) => hex(stream.remotePublicKey)) })
    case 'joinPeer': return swarm.joinPeer(key)
    case 'leavePeer': return swarm.leavePeer(key)
    case 'ban': return swarm.peers.get(message.key).ban(true)
    case 'end':
      for (const stream of swarm.connections) if (hex(stream.remotePublicKey) === message.key) stream.destroy()
      return
    case 'suspend':
      await swarm.suspend()
      return print('suspended', {})
    case 'resume':
      await swarm.resume()
      return print('resumed', {})
    case 'state':
      return print('state', {
        connections: [...swarm.connections].map((stream) => hex(stream.remotePublicKey)), peers: swarm.peers.size, stats: swarm.stats.connects
      })
  }
}

async function main () {
  await swarm.dht.fullyBootstrapped()
  print('ready', { publicKey: hex(swarm.keyPair.publicKey) })
  readline.createInterface({ input: process.stdin })
    .on('line', (line) => handle(JSON.parse(line)).catch((err) => print('failed', { code: err.code, message: err.message })))
    .on('close', () => process.exit(0))
}

main()

'use strict'
// raw-stream.js --bootstrap host:port
// A hyperdht node whose connections carry a protomux channel "raw-stream" on which both ends tell the ids of their raw streams, in decimal text.
// Its end of each raw stream echoes what comes, messages too, and ends after the other end. Prints one JSON object per event.
// Commands on stdin, one JSON object a line:
//   {"op":"listen","seed":HEX} serves
//   {"op":"connect","key":HEX,"bytes":N} dials, and its end writes as many bytes and a message, ends, and says how much came back
//   {"op":"destroy"} destroys the latest raw stream; {"op":"close"} the latest encrypted connection
const HyperDHT = require('hyperdht')
const Protomux = require('protomux')
const c = require('compact-encoding')
const crypto = require('crypto')
const readline = require('readline')

const print = (event, fields) => console.log(JSON.stringify({ event, ...fields }))
const hash = (chunks) => crypto.createHash('sha256').update(Buffer.concat(chunks)).digest('hex')
const [host, port] = process.argv[process.argv.indexOf('--bootstrap') + 1].split(':')
const node = new HyperDHT({ host: '127.0.0.1', port: 0, bootstrap: [{ host, port: Number(port) }] })
let latest = null
let connection = null

function open (encrypted, onconnect) {
  connection = encrypted
  encrypted.on('error', () => {})
  encrypted.on('close', () => print('connection-closed', {}))
  const raw = latest = node.createRawStream()
  raw.on('error', (err) => print('raw-error', { code: err.code }))
  raw.on('close', () => print('raw-closed', {}))
  const channel = Protomux.from(encrypted).createChannel({ protocol: 'raw-stream' })
  const id = channel.addMessage({
    encoding: c.string,
    onmessage (text) {
      HyperDHT.connectRawStream(encrypted, raw, Number(text))
      onconnect(raw)
    }
  })
  channel.open()
  id.send(String(raw.id))
}

function echo (raw) {
  raw.on('message', (bytes) => raw.trySend(bytes))
  raw.pipe(raw)
}

function ask (raw, length) {
  const returned = []
  const sent = crypto.randomBytes(length)
  raw.on('message', (bytes) => print('message', { text: bytes.toString() }))
  raw.on('data', (bytes) => returned.push(bytes))
  raw.on('end', () => print('returned', { isSame: hash(returned) === hash([sent]), bytes: returned.reduce((sum, bytes) => sum + bytes.byteLength, 0) }))
  raw.write(sent)
  raw.flush().then(() => {
    raw.once('message', () => raw.end())
    raw.trySend(Buffer.from('unordered'))
  })
}

async function listen (seed) {
  const server = node.createServer((encrypted) => open(encrypted, echo))
  await server.listen(HyperDHT.keyPair(Buffer.from(seed, 'hex')))
  print('listening', {})
}

function connect (key, bytes) {
  const encrypted = node.connect(Buffer.from(key, 'hex'))
  encrypted.once('open', () => open(encrypted, (raw) => ask(raw, bytes)))
}

node.fullyBootstrapped().then(() => {
  print('ready', {})
  readline.createInterface({ input: process.stdin })
    .on('line', (line) => {
      const message = JSON.parse(line)
      if (message.op === 'listen') listen(message.seed)
      else if (message.op === 'connect') connect(message.key, message.bytes)
      else if (message.op === 'destroy') latest.destroy()
      else connection.end()
    })
    .on('close', () => process.exit(0))
})

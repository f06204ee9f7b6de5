'use strict'
// early.js --bootstrap host:port
// A hyperdht node whose connections carry a protomux channel "early". Prints one JSON object per event; commands on stdin, one JSON object a line:
//   {"op":"listen","seed":HEX} serves; opens of the remote wait for the next command
//   {"op":"open"} or {"op":"decline"} answers the open that waits; messages that arrive are counted up to the text "last"
//   {"op":"send","key":HEX,"count":N} dials, opens the channel, sends as many megabytes and "last", and says when nothing more is sent for a while
const HyperDHT = require('hyperdht')
const Protomux = require('protomux')
const c = require('compact-encoding')
const readline = require('readline')

const MEGABYTE = 1000000
const print = (event, fields) => console.log(JSON.stringify({ event, ...fields }))
const [host, port] = process.argv[process.argv.indexOf('--bootstrap') + 1].split(':')
const node = new HyperDHT({ host: '127.0.0.1', port: 0, bootstrap: [{ host, port: Number(port) }] })
let answer = null

function openChannel (mux) {
  let bytes = 0
  let isInOrder = true
  const channel = mux.createChannel({ protocol: 'early', onclose: (isRemote) => print('channel-closed', { isRemote }) })
  const message = channel.addMessage({
    encoding: c.raw,
    onmessage (data) {
      if (data.toString() === 'last') return print('received', { bytes, isInOrder })
      isInOrder &&= data[0] === bytes / MEGABYTE
      bytes += data.byteLength
    }
  })
  channel.open()
  return message
}

async function listen (seed) {
  const server = node.createServer((stream) => {
    stream.on('error', () => {})
    stream.on('close', () => print('ended', {}))
    const mux = Protomux.from(stream)
    mux.pair({ protocol: 'early' }, async () => {
      print('waiting', {})
      const timer = setInterval(() => { if (mux._paused) { clearInterval(timer); print('paused', {}) } }, 10)
      const isOpened = await new Promise((resolve) => { answer = resolve })
      clearInterval(timer)
      if (isOpened) openChannel(mux)
    })
  })
  await server.listen(HyperDHT.keyPair(Buffer.from(seed, 'hex')))
  print('listening', { publicKey: server.publicKey.toString('hex') })
}

function send (key, count) {
  const stream = node.connect(Buffer.from(key, 'hex'))
  stream.on('error', () => {})
  stream.on('close', () => print('ended', {}))
  const message = openChannel(Protomux.from(stream))
  for (let i = 0; i < count; i++) message.send(Buffer.alloc(MEGABYTE, i))
  message.send(Buffer.from('last'))
  let before = -1
  let idle = 0
  const timer = setInterval(() => {
    // there is no raw stream before the handshake is over
    const sent = stream.rawStream?.bytesTransmitted ?? 0
    idle = sent > MEGABYTE && sent - before < 1000 ? idle + 1 : 0
    before = sent
    if (idle < 10) return
    clearInterval(timer)
    print('stalled', { sent })
  }, 50)
}

node.fullyBootstrapped().then(() => {
  print('ready', {})
  readline.createInterface({ input: process.stdin })
    .on('line', (line) => {
      const message = JSON.parse(line)
      if (message.op === 'listen') listen(message.seed)
      else if (message.op === 'send') send(message.key, message.count)
      else answer(message.op === 'open')
    })
    .on('close', () => process.exit(0))
})

'use strict'
// blind-relay.js --bootstrap host:port
// Two hyperdht nodes that meet through a blind relay only. Commands on stdin, one JSON object a line; events on stdout likewise.
//   {"op":"pair","relay":HEX,"bytes":N}      both nodes pair raw streams at the relay and echo N bytes over them
//   {"op":"hang","relay":HEX}                one asks for a pairing that nobody answers, then withdraws it
const HyperDHT = require('hyperdht')
const relay = require('blind-relay')
const readline = require('readline')

const option = (name) => process.argv[process.argv.indexOf('--' + name) + 1]
const print = (event, fields) => console.log(JSON.stringify({ event, ...fields }))
const buf = (text) => Buffer.from(text, 'hex')
const [host, port] = option('bootstrap').split(':')
const create = () => new HyperDHT({ host: '127.0.0.1', port: 0, bootstrap: [{ host, port: Number(port) }] })
const nodes = [create(), create()]

function clientOf (node, key) {
  const stream = node.connect(buf(key))
  stream.on('error', () => {})
  const client = relay.Client.from(stream, { id: stream.publicKey })
  client.on('error', () => {})
  return { stream, client }
}

function pairOne (node, isInitiator, token, key) {
  return new Promise((resolve, reject) => {
    const { stream, client } = clientOf(node, key)
    const raw = node.createRawStream()
    raw.on('error', reject)
    client.pair(isInitiator, token, raw).on('error', reject).on('data', (remoteId) => {
      const { socket, remotePort, remoteHost } = stream.rawStream
      raw.connect(socket, remoteId, remotePort, remoteHost)
      resolve({ raw, client })
    })
  })
}

async function echo (from, to, bytes) {
  // The relay knows where a side is only when that has sent something.
  to.write(Buffer.alloc(1))
  to.on('data', (data) => to.write(data))
  let received = 0
  const done = new Promise((resolve, reject) => {
    from.on('error', reject)
    from.on('data', (data) => { received += data.length; if (received >= bytes) resolve() })
  })
  from.write(Buffer.alloc(bytes - 1, 7))
  await done
  return received
}

async function pair (message) {
  const token = relay.token()
  const [one, two] = await Promise.all([pairOne(nodes[0], true, token, message.relay), pairOne(nodes[1], false, token, message.relay)])
  print('paired', {})
  print('echo', { bytes: await echo(one.raw, two.raw, message.bytes) })
  two.raw.on('error', () => {}).on('close', () => print('closed', {}))
  one.raw.on('error', () => {})
  one.client.unpair(token)
  one.raw.destroy()
}

function hang (message) {
  const token = relay.token()
  const { client } = clientOf(nodes[0], message.relay)
  client.pair(true, token, nodes[0].createRawStream()).on('error', () => {}).resume()
  client.on('open', () => setTimeout(() => { print('waiting', {}); client.unpair(token); client.stream.end() }, 500))
}

async function main () {
  for (const node of nodes) await node.fullyBootstrapped()
  print('ready', {})
  readline.createInterface({ input: process.stdin })
    .on('line', (line) => {
      const message = JSON.parse(line)
      Promise.resolve({ pair, hang }[message.op](message)).catch((err) => print('failed', { message: err.message }))
    })
    .on('close', () => process.exit(0))
}

main()

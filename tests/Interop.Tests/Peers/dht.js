'use strict'
// dht.js --bootstrap host:port | --bootstrapper PORT   [--count N] [--persistent]
// Runs hyperdht nodes on 127.0.0.1 and prints one JSON object per event. Commands on stdin, one JSON object a line:
//   {"op":"find","target":HEX,"node":0}   {"op":"ping","port":N,"node":0}   {"op":"nodes"}   {"op":"request","port":N,"command":N,...}
const HyperDHT = require('hyperdht')
const readline = require('readline')

const option = (name) => { const i = process.argv.indexOf('--' + name); return i < 0 ? null : process.argv[i + 1] }
const print = (event, fields) => console.log(JSON.stringify({ event, ...fields }))
const hex = (bytes) => bytes ? Buffer.from(bytes).toString('hex') : null
const nodes = []

function create () {
  const port = option('bootstrapper')
  if (port) return HyperDHT.bootstrapper(Number(port), '127.0.0.1', { host: '127.0.0.1' })
  const [host, at] = option('bootstrap').split(':')
  const persistent = process.argv.includes('--persistent')
  return new HyperDHT({ host: '127.0.0.1', port: 0, bootstrap: [{ host, port: Number(at) }], ephemeral: persistent ? false : undefined })
}

const describe = (node) => ({
  port: node.io.serverSocket.address().port,
  id: hex(node.id),
  ephemeral: node.ephemeral,
  firewalled: node.firewalled,
  public: node.host ? node.host + ':' + node.port : null
})

async function find (node, target) {
  const query = node.findNode(Buffer.from(target, 'hex'))
  await query.finished()
  return query.closestReplies.map((reply) => reply.from.host + ':' + reply.from.port)
}

async function request (node, message) {
  const reply = await node.request({
    command: message.command,
    target: message.target ? Buffer.from(message.target, 'hex') : null,
    token: message.token ? Buffer.from(message.token, 'hex') : null,
    value: message.value ? Buffer.from(message.value, 'hex') : null
  }, { host: '127.0.0.1', port: message.port })
  return { error: reply.error, id: hex(reply.from.id), token: hex(reply.token), value: hex(reply.value), closer: (reply.closerNodes || []).length }
}

async function handle (message) {
  const node = nodes[message.node || 0]
  switch (message.op) {
    case 'find': return print('found', { nodes: await find(node, message.target) })
    case 'ping': return print('pong', { to: (await node.ping({ host: '127.0.0.1', port: message.port })).to })
    case 'delayed': return print('delayed', { rtt: (await node.delayedPing({ host: '127.0.0.1', port: message.port }, message.delay)).rtt })
    case 'nodes': return print('nodes', { nodes: nodes.map((node) => ({ ...describe(node), known: node.toArray().map((known) => known.port) })) })
    case 'stats': return print('stats', { commands: node.stats.commands, queries: node.stats.queries.total, ...node.stats.requests })
    case 'suspend': return print('suspended', await node.suspend())
    case 'resume': return print('resumed', await node.resume())
    case 'request': return print('reply', await request(node, message))
  }
}

async function main () {
  for (let i = 0; i < Number(option('count') || 1); i++) {
    const node = create()
    await node.fullyBootstrapped()
    nodes.push(node)
    print('ready', describe(node))
  }
  readline.createInterface({ input: process.stdin })
    .on('line', (line) => handle(JSON.parse(line)).catch((err) => print('failed', { message: err.message, code: err.code })))
    .on('close', () => process.exit(0))
}

main()

'use strict'
// plugin.js --bootstrapper PORT | --bootstrap host:port [--version N]
// A hyperdht node that serves the plugin "notes", which keeps one value for each target; one JSON object per event. Commands on stdin:
//   {"op":"put","target":HEX,"value":HEX}   {"op":"get","target":HEX}
const HyperDHT = require('hyperdht')
const Plugin = require('hyperdht/lib/plugin')
const readline = require('readline')

const option = (name) => { const i = process.argv.indexOf('--' + name); return i < 0 ? null : process.argv[i + 1] }
const print = (event, fields) => console.log(JSON.stringify({ event, ...fields }))
const hex = (bytes) => bytes ? Buffer.from(bytes).toString('hex') : null
const PUT = 0
const GET = 1

class Notes extends Plugin {
  constructor () {
    super('notes', Number(option('version') || 1))
    this.kept = new Map()
  }

  onrequest ({ command, value }, req) {
    if (!req.target) return
    if (command === GET) return req.reply(this.kept.get(hex(req.target)) || null)
    if (!req.token) return
    this.kept.set(hex(req.target), value)
    req.reply(null)
  }

  onpersistent () {}

  destroy () {}
}

async function main () {
  const host = '127.0.0.1'
  const [at, port] = (option('bootstrap') || '').split(':')
  const node = option('bootstrapper')
    ? HyperDHT.bootstrapper(Number(option('bootstrapper')), host, { host })
    : new HyperDHT({ host, port: 0, bootstrap: [{ host: at, port: Number(port) }] })
  const notes = new Notes()
  node.register('notes', notes)
  await node.fullyBootstrapped()
  print('ready', {})
  readline.createInterface({ input: process.stdin })
    .on('line', (line) => handle(node, notes, JSON.parse(line)).catch((err) => print('failed', { message: err.message, code: err.code })))
    .on('close', () => process.exit(0))
}

async function handle (node, notes, { op, target, value }) {
  target = Buffer.from(target, 'hex')
  const query = notes.query({ command: GET, target }, {
    commit: op === 'put' && ((reply) => notes.request({ token: reply.token, target, command: PUT, value: Buffer.from(value, 'hex') }, reply.from))
  })
  let found = null
  for await (const reply of query) found = reply.value || found
  print(op === 'put' ? 'stored' : 'value', { value: hex(found) })
}

main()

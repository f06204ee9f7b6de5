'use strict'
// auction.js --bootstrap host:port --key HEX [--bee HEX] [--version 10|11]
// A stock RPC client and a stock Hyperbee against one auction node. Commands on stdin, one JSON object a line:
//   {"op":"rpc","method":"auction/list","value":{}}   {"op":"bee"}   {"op":"watch"}
const RPC = require('@hyperswarm/rpc')
const HyperDHT = require('hyperdht')
const Hyperbee = require('hyperbee')
const fs = require('fs')
const os = require('os')
const path = require('path')
const readline = require('readline')

const option = (name) => { const i = process.argv.indexOf('--' + name); return i < 0 ? null : process.argv[i + 1] }
const print = (event, fields) => console.log(JSON.stringify({ event, ...fields }))
const Hypercore = require(option('version') === '10' ? 'hypercore10' : 'hypercore')
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'auction-'))
process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }))

main().catch((err) => { print('error', { message: err.stack }); process.exit(1) })

async function main () {
  const [host, port] = option('bootstrap').split(':')
  const dht = new HyperDHT({ host: '127.0.0.1', bootstrap: [{ host, port: Number(port) }] })
  await dht.ready()
  const rpc = new RPC({ dht })
  const key = Buffer.from(option('key'), 'hex')
  const bee = option('bee') ? await openBee(dht, key) : null
  print('ready', {})
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const message = JSON.parse(line)
    try {
      if (message.op === 'rpc') {
        const value = await rpc.request(key, message.method, Buffer.from(JSON.stringify(message.value)))
        print('answer', { value: JSON.parse(value.toString()) })
      } else if (message.op === 'bee') {
        await bee.update({ wait: true })
        const entries = []
        for await (const { key, value } of bee.createReadStream()) entries.push({ key, value })
        print('entries', { entries })
      }
    } catch (err) {
      print('failed', { message: err.message, code: err.code })
    }
  }
  await rpc.destroy()
  await dht.destroy()
}

async function openBee (dht, key) {
  const core = new Hypercore(folder, Buffer.from(option('bee'), 'hex'))
  await core.ready()
  const stream = dht.connect(key, { keyPair: HyperDHT.keyPair() })
  stream.on('error', (err) => print('error', { message: err.message }))
  core.replicate(stream)
  return new Hyperbee(core, { keyEncoding: 'utf-8', valueEncoding: 'json' })
}

'use strict'
// bee-dht.js --bootstrap host:port --version 10|11 --entries N
// Listens on the DHT with a bee of N entries and three in the sub-database "people", announces it, and counts the blocks that it uploads.
// Lines on stdin: "put KEY VALUE", "count".
const fs = require('fs')
const os = require('os')
const path = require('path')
const readline = require('readline')
const HyperDHT = require('hyperdht')
const Hyperbee = require('hyperbee')

const option = (name) => { const i = process.argv.indexOf('--' + name); return i < 0 ? null : process.argv[i + 1] }
const print = (event, fields) => console.log(JSON.stringify({ event, ...fields }))

const Hypercore = require(option('version') === '10' ? 'hypercore10' : 'hypercore')
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bee-dht-'))
process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }))

main().catch((err) => { print('error', { message: err.stack }); process.exit(1) })

async function main () {
  const [host, port] = option('bootstrap').split(':')
  const dht = new HyperDHT({ host: '127.0.0.1', port: 0, bootstrap: [{ host, port: Number(port) }] })
  const core = new Hypercore(folder)
  const bee = new Hyperbee(core, { keyEncoding: 'utf-8', valueEncoding: 'utf-8' })
  await bee.ready()
  for (let i = 0; i < Number(option('entries')); i++) await bee.put('key' + String((i * 7919) % 10007).padStart(5, '0'), 'value-' + i)
  const people = bee.sub('people', { keyEncoding: 'json', valueEncoding: 'json' })
  for (const [key, value] of [['ann', { age: 30 }], ['bob', { age: 40 }], ['eve', null]]) await people.put(key, value)
  let blocks = 0
  core.on('upload', () => blocks++)
  const server = dht.createServer((stream) => { stream.on('error', () => {}); core.replicate(stream) })
  const keyPair = HyperDHT.keyPair()
  await server.listen(keyPair)
  await dht.announce(core.discoveryKey, keyPair, server.relayAddresses).finished()
  print('bee', { key: core.key.toString('hex'), publicKey: keyPair.publicKey.toString('hex'), length: core.length })
  readline.createInterface({ input: process.stdin }).on('line', async (line) => {
    const [verb, key, value] = line.split(' ')
    if (verb === 'put') {
      await bee.put(key, value)
      print('done', { length: core.length })
    } else {
      print('count', { blocks })
      blocks = 0
    }
  })
}

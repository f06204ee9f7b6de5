'use strict'
// repair.js --port N --blocks N
// A core of version 11 that loses a root of its tree. Lines on stdin: "lose" removes the root, opens the core anew, and connects again.
// Prints one JSON object per event.
const fs = require('fs')
const net = require('net')
const os = require('os')
const path = require('path')
const readline = require('readline')
const flat = require('flat-tree')
const Hypercore = require('hypercore')
const { MerkleTree } = require('hypercore/lib/merkle-tree.js')
const NoiseSecretStream = require('@hyperswarm/secret-stream')

const option = (name) => process.argv[process.argv.indexOf('--' + name) + 1]
const print = (event, fields) => console.log(JSON.stringify({ event, ...fields }))
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'repair-'))
process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }))

main().catch((err) => { print('error', { message: err.stack }); process.exit(1) })

async function main () {
  let core = new Hypercore(folder)
  await core.ready()
  await core.append(Array.from({ length: Number(option('blocks')) }, (_, i) => Buffer.from('block-' + i)))
  print('core', { key: core.key.toString('hex'), length: core.length, treeHash: (await core.treeHash()).toString('hex') })
  connect()

  readline.createInterface({ input: process.stdin }).on('line', async () => {
    const [root] = flat.fullRoots(2 * core.length)
    const tx = core.core.storage.write()
    tx.deleteTreeNode(root)
    await tx.flush()
    await core.close()
    core = new Hypercore(folder)
    await core.ready()
    print('lost', { repairing: !!core.core._repairMode, length: core.length, stored: await MerkleTree.get(core.core, root) !== null })
    core.on('repair-failed', () => print('failed'))
    core.on('repaired', async () => {
      const stored = await MerkleTree.get(core.core, root) !== null
      print('repaired', { stored, treeHash: (await core.treeHash()).toString('hex') })
    })
    connect()
  })

  function connect () {
    const socket = net.connect(Number(option('port')), '127.0.0.1')
    const stream = new NoiseSecretStream(false, socket, { keyPair: NoiseSecretStream.keyPair(Buffer.alloc(32, 7)) })
    stream.on('error', () => {})
    core.replicate(stream)
  }
}

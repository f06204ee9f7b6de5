// One Hypercore 10 folder, driven by JSON lines: open, append, draft, truncate, clear, userData, info, get, close.
const readline = require('readline')
const Hypercore = require('hypercore10')

let core = null

const operations = {
  async open ({ folder, seed, encryptionKey }) {
    const options = { createIfMissing: !!seed }
    if (seed) options.keyPair = require('hypercore-crypto').keyPair(Buffer.from(seed, 'hex'))
    if (encryptionKey) options.encryptionKey = Buffer.from(encryptionKey, 'hex')
    core = new Hypercore(folder, options)
    await core.ready()
    return info()
  },
  async append ({ blocks }) {
    await core.append(blocks.map((block) => Buffer.from(block, 'hex')))
    return info()
  },
  async draft ({ blocks, restore, pending }) {
    const batch = core.batch({ restore })
    await batch.ready()
    if (blocks.length) await batch.append(blocks.map((block) => Buffer.from(block, 'hex')))
    const length = batch.length
    if (!await batch.flush({ pending })) throw new Error('the batch was not flushed')
    return { ...await info(), batchLength: length }
  },
  async truncate ({ length }) {
    await core.truncate(length)
    return info()
  },
  async clear ({ start, end }) {
    await core.clear(start, end)
    return info()
  },
  async userData ({ key, value }) {
    await core.setUserData(key, value === null ? null : Buffer.from(value, 'hex'))
    return info()
  },
  async read () {
    const blocks = []
    for (let i = 0; i < core.length; i++) {
      const block = await core.get(i, { wait: false })
      blocks.push(block === null ? null : block.toString('hex'))
    }
    return { ...await info(), blocks }
  },
  async close () {
    await core.close()
    core = null
    return {}
  }
}

async function info () {
  return {
    key: core.key.toString('hex'),
    length: core.length,
    byteLength: core.byteLength,
    fork: core.fork,
    treeHash: (await core.treeHash()).toString('hex'),
    contiguousLength: core.contiguousLength,
    writable: core.writable
  }
}

async function main () {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const request = JSON.parse(line)
    try {
      console.log(JSON.stringify({ event: 'done', ...await operations[request.op](request) }))
    } catch (error) {
      console.log(JSON.stringify({ event: 'failed', code: error.code || null, message: error.message }))
    }
  }
}

main()

// One UDX stream: arguments are our port, our stream id, its own stream id, and what to do (echo | send <bytes> | destroy | message | hold).
const UDX = require('udx-native')
const crypto = require('crypto')

const [port, remoteId, localId, action, amount] = process.argv.slice(2)
const udx = new UDX()
const socket = udx.createSocket()
socket.bind(0, '127.0.0.1')

const stream = udx.createStream(Number(localId))
const received = crypto.createHash('sha256')
let count = 0

const report = (event, values = {}) => console.log(JSON.stringify({ event, ...values }))

stream.on('message', (message) => {
  report('message', { text: message.toString() })
  stream.send(Buffer.from('re: ' + message))
})
stream.on('end', () => {
  report('end', { bytes: count, hash: received.digest('hex') })
  if (action !== 'echo') stream.end()
})
stream.on('error', (error) => report('error', { code: error.code }))
stream.on('close', () => {
  report('close', { mtu: stream.mtu, retransmits: stream.retransmits, timeouts: stream.rtoCount })
  socket.close()
})

report('bound', { port: socket.address().port })
stream.connect(socket, Number(remoteId), Number(port), '127.0.0.1')

stream.on('data', (data) => {
  count += data.byteLength
  received.update(data)
})

switch (action) {
  case 'echo':
    stream.pipe(stream)
    break
  case 'send': {
    const block = Buffer.alloc(65536)
    for (let i = 0; i < block.length; i++) block[i] = (i * 7) & 255
    let left = Number(amount)
    const pump = () => {
      while (left > 0) {
        const chunk = Buffer.from(block.subarray(0, Math.min(left, block.length)))
        left -= chunk.length
        if (!stream.write(chunk)) return stream.once('drain', pump)
      }
      stream.end()
    }
    pump()
    break
  }
  case 'destroy':
    stream.once('data', () => stream.destroy())
    break
}

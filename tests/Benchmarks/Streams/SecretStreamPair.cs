using System.Diagnostics;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.SecretStream.Framing;
using Hyper.Protocol.SecretStream.Noise;

namespace AuctionActors.Benchmarks.Streams;

/// <summary>Two ends of an encrypted stream that are fed each other's bytes directly.</summary>
internal sealed class SecretStreamPair
{
    private readonly SecretStreamMachine _writer;
    private readonly SecretStreamMachine _reader;

    public SecretStreamPair(IEntropy entropy)
    {
        (Bytes32 tx, Bytes32 rx) = (entropy.Next32(), entropy.Next32());
        byte[] hash = new byte[64];
        entropy.Fill(hash);
        PublicKey local = KeyPair.Generate(entropy).PublicKey, remote = KeyPair.Generate(entropy).PublicKey;
        _writer = new SecretStreamMachine(new NoiseResult(tx, rx, hash, local, remote, true), SecretStreamOptions.Dht, entropy, default);
        _reader = new SecretStreamMachine(new NoiseResult(rx, tx, hash, remote, local, false), SecretStreamOptions.Dht, entropy, default);
    }

    /// <summary>Writes chunks for so long and returns the bytes that the other end has decrypted.</summary>
    public long Pump(TimeSpan duration)
    {
        byte[] chunk = new byte[StreamHotPath.ChunkBytes];
        long bytes = 0;
        for (long began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < duration;)
        {
            _writer.Write(chunk, default);
            bytes += Carry();
        }

        return bytes;
    }

    private long Carry()
    {
        long bytes = 0;
        while (_writer.TryTake(out SecretStreamEffect? effect))
        {
            if (effect is not SecretStreamEffect.Transmit transmit)
                continue;
            _reader.HandleBytes(transmit.Bytes.Span, default);
            transmit.Dispose();
        }

        while (_reader.TryTake(out SecretStreamEffect? effect))
        {
            if (effect is SecretStreamEffect.MessagesReceived received)
                bytes += received.Messages.Sum(message => (long)message.Length);
        }

        return bytes;
    }
}

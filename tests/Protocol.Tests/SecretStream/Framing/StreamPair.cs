using Hyper.Protocol.Cryptography;
using Hyper.Protocol.SecretStream.Framing;
using Hyper.Protocol.SecretStream.Noise;

namespace AuctionActors.Protocol.Tests.SecretStream.Framing;

/// <summary>Two secret streams joined by pipes that can be cut into chunks.</summary>
internal sealed class StreamPair
{
    private readonly Dictionary<SecretStreamMachine, SecretStreamMachine> _other = [];
    private readonly Dictionary<SecretStreamMachine, List<SecretStreamEffect>> _seen = [];

    internal StreamPair(SecretStreamMachine alice, SecretStreamMachine bob)
    {
        (Alice, Bob) = (alice, bob);
        (_other[alice], _other[bob]) = (bob, alice);
        (_seen[alice], _seen[bob]) = ([], []);
    }

    internal SecretStreamMachine Alice { get; }

    internal SecretStreamMachine Bob { get; }

    internal TimeSpan Now { get; set; }

    internal int ChunkSize { get; init; } = int.MaxValue;

    internal static StreamPair Dht(SecretStreamOptions? options = null)
    {
        SeededEntropy entropy = new(1, "stream pair");
        KeyPair alice = KeyPair.Generate(entropy), bob = KeyPair.Generate(entropy);
        NoiseHandshake first = NoiseHandshake.InitiateIK(alice, bob.PublicKey, [], entropy), second = NoiseHandshake.RespondIK(bob, [], entropy);
        Assert.True(second.TryReceive(first.Send([]), out _) && first.TryReceive(second.Send([]), out _));
        options ??= SecretStreamOptions.Dht;
        return new StreamPair(
            new SecretStreamMachine(first.Result!, options, entropy, TimeSpan.Zero),
            new SecretStreamMachine(second.Result!, options, entropy, TimeSpan.Zero));
    }

    internal static StreamPair Standalone(int chunkSize = int.MaxValue)
    {
        SeededEntropy entropy = new(2, "stream pair");
        KeyPair alice = KeyPair.Generate(entropy), bob = KeyPair.Generate(entropy);
        return new StreamPair(
            new SecretStreamMachine(NoiseHandshake.InitiateXX(alice, [], entropy), new SecretStreamOptions(), entropy, TimeSpan.Zero),
            new SecretStreamMachine(NoiseHandshake.RespondXX(bob, [], entropy), new SecretStreamOptions(), entropy, TimeSpan.Zero))
        { ChunkSize = chunkSize };
    }

    internal IReadOnlyList<SecretStreamEffect> Seen(SecretStreamMachine side) => _seen[side];

    internal IEnumerable<byte[]> Messages(SecretStreamMachine side)
        => _seen[side].OfType<SecretStreamEffect.MessagesReceived>().SelectMany(batch => batch.Messages).Select(message => message.ToArray());

    internal SecretStreamFault? Fault(SecretStreamMachine side) => _seen[side].OfType<SecretStreamEffect.Faulted>().SingleOrDefault()?.Fault;

    /// <summary>Carries everything to the other side until nothing is left.</summary>
    internal void Run()
    {
        while (Pump(Alice) | Pump(Bob))
        {
        }
    }

    internal byte[] TakeBytes(SecretStreamMachine side)
    {
        List<byte> bytes = [];
        while (side.TryTake(out SecretStreamEffect? effect))
        {
            if (effect is SecretStreamEffect.Transmit transmit)
                bytes.AddRange(transmit.Bytes.Span);
            else
                _seen[side].Add(effect);
        }

        return [.. bytes];
    }

    private bool Pump(SecretStreamMachine side)
    {
        bool any = false;
        while (side.TryTake(out SecretStreamEffect? effect))
        {
            any = true;
            _seen[side].Add(effect);
            Deliver(effect, _other[side]);
        }

        return any;
    }

    private void Deliver(SecretStreamEffect effect, SecretStreamMachine to)
    {
        switch (effect)
        {
            case SecretStreamEffect.Transmit transmit:
                for (int i = 0; i < transmit.Bytes.Length; i += Math.Min(ChunkSize, transmit.Bytes.Length - i))
                    to.HandleBytes(transmit.Bytes.Span.Slice(i, Math.Min(ChunkSize, transmit.Bytes.Length - i)), Now);
                break;
            case SecretStreamEffect.TransmitUnordered unordered:
                to.HandleUnordered(unordered.Envelope.Span);
                break;
            case SecretStreamEffect.FinishTransmission:
                to.HandleEnd();
                break;
            default:
                break;
        }
    }
}

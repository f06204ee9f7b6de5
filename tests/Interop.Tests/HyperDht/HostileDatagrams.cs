using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc.Messages;
using Hyper.Protocol.HyperDht.Connecting;
using Hyper.Protocol.HyperDht.Messages;

namespace AuctionActors.Interop.Tests.HyperDht;

/// <summary>Kinds of hostile datagrams.</summary>
public enum Hostility
{
    RandomBytes,
    AbsurdLengths,
    SpoofedReplies,
    WrongTokens,
    ForgedRelays,
    ForgedRounds,
    NoiseForHandshakes,
    ReplayedHandshakes,
    HalfOpenHandshakes,
}

/// <summary>Makes hostile datagrams for a node that serves a key.</summary>
internal sealed class HostileDatagrams(PublicKey server, PeerAddress node)
{
    private static readonly PeerAddress Victim = PeerAddress.Loopback(9);
    private readonly SeededEntropy _entropy = new(4, "hostile");
    private readonly Bytes32 _target = PeerRecord.TargetOf(server);

    public byte[] Next(Hostility kind, int number) => kind switch
    {
        Hostility.RandomBytes => Random(1 + _entropy.NextInt32(400)),
        Hostility.AbsurdLengths => [DhtMessageCodec.ReplyByte, 4, 0, 0, 127, 0, 0, 1, 1, 1, .. new byte[] { 255, 255, 255, 255, 255, 255, 255, 31, 0 }],
        Hostility.SpoofedReplies => DhtMessageCodec.Encode(new DhtReply((ushort)_entropy.NextInt32(65536), node) { CloserNodes = [Victim], Value = Random(40) }),
        Hostility.WrongTokens => Request(HyperDhtCommand.Announce, Random(150), _entropy.Next32()),
        Hostility.ForgedRelays => Handshake(PeerRoutingMode.FromServer, Random(96), Victim),
        Hostility.ForgedRounds => Request(
            HyperDhtCommand.PeerHolepunch,
            new HolepunchMessage(PeerRoutingMode.FromRelay, (ulong)_entropy.NextInt32(300), Random(120), Victim).Encode()),
        Hostility.NoiseForHandshakes => Handshake(PeerRoutingMode.FromRelay, Random(180), Victim),
        Hostility.ReplayedHandshakes => Handshake(PeerRoutingMode.FromRelay, Shake(0), Victim),
        _ => Handshake(PeerRoutingMode.FromRelay, Shake(number), Victim with { Host = Victim.Host + (uint)(number % 50) }),
    };

    private byte[] Random(int length)
    {
        byte[] bytes = new byte[length];
        _entropy.Fill(bytes);
        return bytes;
    }

    private byte[] Shake(int client)
    {
        KeyPair keys = KeyPair.FromSeed(Blake2b.Hash256([1, (byte)client, (byte)(client >> 8)]));
        return new InitiatorHandshake(keys, server, new SeededEntropy((ulong)client, "half")).Offer(new NoisePayload { Udx = new UdxInfo((uint)client) })!;
    }

    private byte[] Handshake(PeerRoutingMode mode, byte[] noise, PeerAddress peer)
        => Request(HyperDhtCommand.PeerHandshake, new HandshakeMessage(mode, noise, peer).Encode());

    private byte[] Request(HyperDhtCommand command, byte[] value, Bytes32? token = null)
        => DhtMessageCodec.Encode(new DhtRequest((ushort)_entropy.NextInt32(65536), node, command.ToDht()) { Target = _target, Value = value, Token = token });
}

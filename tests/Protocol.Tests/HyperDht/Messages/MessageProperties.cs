using CsCheck;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.HyperDht.Holepunching;
using Hyper.Protocol.HyperDht.Messages;

namespace AuctionActors.Protocol.Tests.HyperDht.Messages;

public sealed class MessageProperties
{
    private static readonly Gen<PeerAddress> Address = Gen.Select(Gen.UInt, Gen.UShort, (host, port) => new PeerAddress(host, port));
    private static readonly Gen<Bytes32> Fixed32 = Gen.Byte.Array[32].Select(bytes => new Bytes32(bytes));
    private static readonly Gen<PeerRecord> Record =
        Gen.Select(Fixed32, Address.Array[0, 5], (key, relays) => new PeerRecord(new PublicKey(key), relays));
    private static readonly Gen<ulong> Number = Gen.ULong[0, CompactReader.MaxInteger];

    [Fact]
    public void Announce_bodies_survive_a_round_trip()
        => Gen.Select(Record, Fixed32, Gen.Byte.Array[64], Number, Gen.Int[0, 7]).Sample((peer, refresh, signature, bump, members) =>
        {
            byte[] bytes = new AnnounceMessage(
                (members & 1) != 0 ? peer : null,
                (members & 2) != 0 ? refresh : null,
                (members & 4) != 0 ? signature : null,
                bump).Encode();
            return AnnounceMessage.TryDecode(bytes, out AnnounceMessage decoded) && decoded.Encode().SequenceEqual(bytes);
        });

    [Fact]
    public void Handshake_messages_survive_a_round_trip()
        => Gen.Select(Gen.Int[0, 4], Gen.Byte.Array[0, 300], Address, Address, Gen.Int[0, 3]).Sample((mode, noise, peer, relay, members) =>
        {
            HandshakeMessage message = new(
                (PeerRoutingMode)mode, noise, (members & 1) != 0 ? peer : null, (members & 2) != 0 ? relay : null);
            return HandshakeMessage.TryDecode(message.Encode(), out HandshakeMessage decoded)
                && decoded.Noise.Span.SequenceEqual(noise) && (decoded with { Noise = message.Noise }) == message;
        });

    [Fact]
    public void Noise_payloads_survive_a_round_trip()
        => Gen.Select(Address.Array[0, 4], Gen.UInt, Number, Gen.Bool, Fixed32).Sample((addresses, id, sequence, reusable, key) =>
        {
            byte[] bytes = new NoisePayload
            {
                Addresses4 = addresses,
                Addresses6 = [new PeerAddress6(UInt128.MaxValue - id, 7)],
                Udx = new UdxInfo(id, sequence, reusable),
                Holepunch = new HolepunchInfo(sequence, [.. addresses.Select(address => new HolepunchRelay(address, address))]),
                RelayThrough = reusable ? new RelayThroughInfo(key, key) : null,
                RelayAddresses = addresses,
            }.Encode();
            return NoisePayload.TryDecode(bytes, out NoisePayload decoded) && decoded.Encode().SequenceEqual(bytes);
        });

    [Fact]
    public void Every_decoder_is_total_on_random_bytes()
        => Gen.Byte.Array[0, 200].Sample(bytes =>
        {
            _ = PeerRecord.TryDecode(bytes, out _);
            _ = LookupReply.TryDecode(bytes, out _, out _);
            _ = AnnounceMessage.TryDecode(bytes, out _);
            _ = MutableValue.TryDecode(bytes, out _);
            _ = MutablePut.TryDecode(bytes, out _);
            _ = HandshakeMessage.TryDecode(bytes, out _);
            _ = HolepunchMessage.TryDecode(bytes, out _);
            _ = NoisePayload.TryDecode(bytes, out _);
            _ = NoisePayload.TryDecode([1, .. bytes], out _);
            _ = HolepunchPayload.TryDecode(bytes, out _);
            _ = SecurePayload.TryOpen(default, bytes, out _);
            return true;
        });

    [Fact]
    public void Truncated_messages_are_refused_and_longer_ones_are_read()
    {
        byte[] bytes = new NoisePayload
        {
            Udx = new UdxInfo(300),
            SecretStream = 1,
            Holepunch = new HolepunchInfo(1, [default]),
            Addresses4 = [PeerAddress.Loopback(1)],
            RelayAddresses = [PeerAddress.Loopback(2)],
        }.Encode();
        for (int length = 0; length < bytes.Length; length++)
            Assert.False(NoisePayload.TryDecode(bytes.AsSpan(0, length), out _), $"{length} bytes");
        Assert.True(NoisePayload.TryDecode([.. bytes, 1, 2, 3], out _));
    }

    [Fact]
    public void Claimed_counts_beyond_the_bytes_are_refused()
    {
        byte[] huge = new CompactWriter().UInt(0x100000).Written.ToArray();
        Assert.False(LookupReply.TryDecode(huge, out _, out _));
        Assert.False(PeerRecord.TryDecode([.. new byte[32], .. huge], out _));
        Assert.False(NoisePayload.TryDecode([1, 1, 0, 0, 0, .. huge], out _));
    }
}

using CsCheck;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc.Messages;

namespace AuctionActors.Protocol.Tests.DhtRpc.Messages;

public sealed class DhtMessageProperties
{
    private static readonly Gen<Bytes32> Bytes = Gen.Byte.Array[32].Select(bytes => new Bytes32(bytes));

    private static readonly Gen<PeerAddress> Address = Gen.Select(Gen.UInt, Gen.UShort, (host, port) => new PeerAddress(host, port));

    private static readonly Gen<(bool, Bytes32, bool, Bytes32, bool, byte[])> Optional
        = Gen.Select(Gen.Bool, Bytes, Gen.Bool, Bytes, Gen.Bool, Gen.Byte.Array[0, 300]);

    [Fact]
    public void Requests_survive_a_round_trip()
        => Gen.Select(Gen.UShort, Address, Gen.Bool, Gen.ULong[0, CompactReader.MaxInteger], Optional, Gen.Bool)
            .Sample((transaction, to, isInternal, command, optional, hasTarget) =>
            {
                DhtRequest request = new(transaction, to, new DhtCommand(isInternal, command))
                {
                    Id = optional.Item1 ? new NodeId(optional.Item2) : null,
                    Token = optional.Item3 ? optional.Item4 : null,
                    Value = optional.Item5 ? optional.Item6 : null,
                    Target = hasTarget ? optional.Item4 : null,
                };
                return Survives(request) is DhtRequest read && read.Command == request.Command && read.Target == request.Target;
            });

    [Fact]
    public void Replies_survive_a_round_trip()
        => Gen.Select(Gen.UShort, Address, Address.Array[0, 20], Gen.ULong[0, 300], Optional)
            .Sample((transaction, to, nodes, error, optional) =>
            {
                DhtReply reply = new(transaction, to)
                {
                    Id = optional.Item1 ? new NodeId(optional.Item2) : null,
                    Token = optional.Item3 ? optional.Item4 : null,
                    Value = optional.Item5 ? optional.Item6 : null,
                    CloserNodes = [.. nodes],
                    Error = (DhtError)error,
                };
                return Survives(reply) is DhtReply read && read.Error == reply.Error && read.CloserNodes.SequenceEqual(nodes);
            });

    [Fact]
    public void The_decoder_is_total_on_random_bytes()
        => Gen.Select(Gen.Int[0, 2].Select(kind => (byte)(kind == 0 ? 0x03 : kind == 1 ? 0x13 : 0x00)), Gen.Byte.Array[0, 200])
            .Sample((first, rest) =>
            {
                _ = DhtMessageCodec.TryDecode([first, .. rest], out _);
                return !DhtMessageCodec.TryDecode([0x23, .. rest], out _);
            });

    [Fact]
    public void A_claimed_count_of_nodes_beyond_the_datagram_is_refused()
        => Assert.False(DhtMessageCodec.TryDecode(Convert.FromHexString("130400007f0000010100feffff0f00"), out _));

    private static DhtMessage? Survives(DhtMessage message)
        => DhtMessageCodec.TryDecode(DhtMessageCodec.Encode(message), out DhtMessage? read)
            && read.TransactionId == message.TransactionId
            && read.To == message.To
            && read.Id == message.Id
            && read.Token == message.Token
            && read.Value.HasValue == message.Value.HasValue
            && read.Value.GetValueOrDefault().Span.SequenceEqual(message.Value.GetValueOrDefault().Span)
                ? read
                : null;
}

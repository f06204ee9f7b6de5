using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.DhtRpc.Messages;
using Hyper.Protocol.DhtRpc.Requests;

namespace AuctionActors.Protocol.Tests.DhtRpc;

public sealed class CommandCountersTests
{
    private static readonly PeerAddress Own = new(0x0a000001, 49737), Other = new(0x0a000002, 49737);
    private readonly DhtNodeMachine _node = new(DhtNodeOptions.Bootstrapper(Own), new SeededEntropy(1, "node"));

    public CommandCountersTests() => _node.Start(Own.Port, TimeSpan.Zero);

    private CommandCount[] Counts => [.. _node.Counters.Commands.Read()];

    [Fact]
    public void Requests_and_replies_are_counted_for_each_command()
    {
        foreach (ulong external in (ulong[])[CommandCounters.Others + 1, 1000])
            Deliver(new DhtRequest(1, Own, DhtCommand.External(external)));
        Deliver(new DhtRequest(1, Own, DhtCommand.Ping));
        Deliver(new DhtRequest(1, Own, DhtCommand.Ping));
        ushort lookup = Send(DhtCommand.External(3));
        Send(DhtCommand.External(3));
        Deliver(new DhtReply(lookup, Own));
        Deliver(new DhtReply(lookup, Own));
        Assert.Equal(
            [
                new CommandCount(DhtCommand.Ping, 0, 0, 2),
                new CommandCount(DhtCommand.External(3), 2, 1, 0),
                new CommandCount(DhtCommand.External(CommandCounters.Others), 0, 0, 2),
            ],
            Counts);
    }

    [Fact]
    public void A_request_that_is_sent_again_is_counted_once_and_its_repetitions_aside()
    {
        Send(DhtCommand.FindNode);
        while (_node.OutstandingRequests > 0)
            _node.HandleTimeout(_node.NextDeadline!.Value);
        Assert.Equal([new CommandCount(DhtCommand.FindNode, 1, 0, 0)], Counts);
        Assert.Equal((3, 1), (_node.Counters.Retries, _node.Counters.Timeouts));
    }

    private void Deliver(DhtMessage message) => _node.HandleDatagram(DhtMessageCodec.Encode(message), Other, LocalSocket.Server, TimeSpan.Zero);

    private ushort Send(DhtCommand command)
    {
        _node.Send(new OutgoingRequest(Other, command), TimeSpan.Zero);
        DhtNodeEffect? last = null;
        while (_node.TryTake(out DhtNodeEffect? effect))
            last = effect is DhtNodeEffect.Transmit ? effect : last;
        Assert.True(DhtMessageCodec.TryDecode(((DhtNodeEffect.Transmit)last!).Datagram.Span, out DhtMessage? message));
        return message.TransactionId;
    }
}

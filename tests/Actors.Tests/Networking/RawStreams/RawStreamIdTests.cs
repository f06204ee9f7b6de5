using Akka.Actor;
using AuctionActors.Actors.Tests.Networking.Dht;
using Hyper.Actors.Networking.Dht;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Actors.Tests.Networking.RawStreams;

public sealed class RawStreamIdTests : HyperDhtKit
{
    [Fact]
    public async Task No_stream_has_the_id_of_another_one()
    {
        const int Streams = 20;
        TwiceEntropy entropy = new();
        IActorRef server = Node(false), client = Node(true, entropy: entropy);
        Listen(server);
        IActorRef connection = Connect(client).Connected.Connection;
        HyperDhtClient user = new(client, Patience);
        HashSet<uint> ids = [];
        for (int i = 0; i < Streams; i++)
            Assert.True(ids.Add((await user.CreateRawStreamAsync(connection))!.Id));
        Assert.Equal(Streams, ids.Count);
        Assert.True(entropy.Repeated >= Streams - 1);
    }

    /// <summary>Gives each number of four bytes twice.</summary>
    private sealed class TwiceEntropy : IEntropy
    {
        private readonly Lock _lock = new();
        private readonly Random _random = new(1);
        private byte[]? _again;

        public int Repeated { get; private set; }

        public void Fill(Span<byte> destination)
        {
            lock (_lock)
            {
                if (destination.Length == sizeof(uint) && _again is { } again)
                {
                    again.CopyTo(destination);
                    _again = null;
                    Repeated++;
                    return;
                }

                _random.NextBytes(destination);
                if (destination.Length == sizeof(uint))
                    _again = destination.ToArray();
            }
        }
    }
}

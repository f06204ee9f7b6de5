using CsCheck;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc.Health;

namespace AuctionActors.Protocol.Tests.DhtRpc.Health;

public sealed class AddressTimesTests
{
    [Fact]
    public void Times_are_those_that_a_dictionary_keeps()
        => Gen.Select(Gen.UInt[0, 3], Gen.UShort[1, 60], Gen.Int[0, 100_000]).Array[0, 300].Sample(notes =>
        {
            AddressTimes times = new();
            Dictionary<PeerAddress, TimeSpan> expected = [];
            foreach ((uint host, ushort port, int seconds) in notes)
            {
                PeerAddress address = new(host << 24, port);
                if (times.Find(address) != (expected.TryGetValue(address, out TimeSpan at) ? at : null))
                    return false;
                times.Set(address, TimeSpan.FromSeconds(seconds));
                expected[address] = TimeSpan.FromSeconds(seconds);
            }

            return times.Count == expected.Count && expected.All(pair => times.Find(pair.Key) == pair.Value);
        });

    [Fact]
    public void Nothing_is_left_after_clearing()
    {
        AddressTimes times = new();
        times.Set(PeerAddress.Loopback(1), TimeSpan.Zero);
        times.Clear();
        Assert.Equal((0, null), (times.Count, times.Find(PeerAddress.Loopback(1))));
        times.Set(PeerAddress.Loopback(1), TimeSpan.FromSeconds(2.7));
        Assert.Equal(TimeSpan.FromSeconds(2), times.Find(PeerAddress.Loopback(1)));
    }
}

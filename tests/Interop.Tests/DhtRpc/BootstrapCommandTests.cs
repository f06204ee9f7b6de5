using System.Text.Json.Nodes;
using AuctionActors.Interop.Tests.Harness;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Udp;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Interop.Tests.DhtRpc;

public sealed class BootstrapCommandTests
{
    private readonly UdpPorts _ports = new();

    [Fact]
    public void The_command_says_what_hyperdht_says_and_serves_JavaScript_nodes_through_a_flood_of_random_bytes()
    {
        PeerAddress address = Discarding.FreePort(_ports);
        using NodePeer bootstrap = AuctionCommand.Start("bootstrap", "--host", "127.0.0.1", "--port", $"{address.Port}");
        Assert.Equal("Starting DHT bootstrap node...", bootstrap.ReadLine());
        Assert.Equal($"Bootstrap node bound to {{ host: '0.0.0.0', family: 4, port: {address.Port} }}", bootstrap.ReadLine());
        Assert.Equal("Fully started Hyperswarm DHT bootstrap node", bootstrap.ReadLine());

        Flood(address, datagrams: 5000);
        using NodePeer peers = NodePeer.Start("dht.js", "--bootstrap", address.ToString(), "--count", "3", "--persistent");
        for (int node = 0; node < 3; node++)
            Assert.False((bool)peers.ReadEvent("ready")["ephemeral"]!);
        peers.WriteLine($$"""{"op":"ping","port":{{address.Port}}}""");
        Assert.Equal("127.0.0.1", (string?)peers.ReadEvent("pong")["to"]!["host"]);
        peers.WriteLine($$"""{"op":"find","target":"{{new string('5', 64)}}"}""");
        JsonArray found = peers.ReadEvent("found")["nodes"]!.AsArray();
        Assert.Contains(address.ToString(), found.Select(node => (string?)node));
        Assert.Equal(3, found.Count);
    }

    [Fact]
    public void A_busy_port_is_said_in_one_line()
    {
        using IDatagramPort taken = _ports.Bind(default, new Discarding());
        using NodePeer bootstrap = AuctionCommand.Start("bootstrap", "--host", "127.0.0.1", "--port", $"{taken.LocalAddress.Port}");
        Assert.Equal(2, bootstrap.WaitForExit());
        Assert.Contains($"UDP port {taken.LocalAddress.Port} is already in use", bootstrap.Diagnostics, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("the address that others dial is missing")]
    [InlineData("a bootstrap node needs a port of its own", "--host", "127.0.0.1", "--port", "0")]
    [InlineData("'0.-1.0.0' is no address that others can dial", "--host", "0.-1.0.0")]
    public void An_address_and_a_port_are_needed(string complaint, params string[] arguments)
    {
        using NodePeer bootstrap = AuctionCommand.Start(["bootstrap", .. arguments]);
        Assert.Equal(2, bootstrap.WaitForExit());
        Assert.Contains(complaint, bootstrap.Diagnostics, StringComparison.Ordinal);
    }

    private void Flood(PeerAddress address, int datagrams)
    {
        SeededEntropy entropy = new(3, "flood");
        using IDatagramPort noise = _ports.Bind(PeerAddress.Loopback(0), new Discarding());
        for (int count = 0; count < datagrams; count++)
        {
            byte[] bytes = new byte[1 + entropy.NextInt32(600)];
            entropy.Fill(bytes);
            if (count % 2 == 0)
                bytes[0] = count % 4 == 0 ? (byte)0x03 : (byte)0x13;
            noise.Send(bytes, address);
        }
    }
}

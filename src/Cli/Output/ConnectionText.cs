using System.Globalization;
using System.Text.Json.Nodes;
using Hyper.Actors.Networking.Connections;
using Hyper.Actors.Networking.Dht;

namespace AuctionActors.Cli.Output;

/// <summary>One connection for people and for programs.</summary>
internal static class ConnectionText
{
    public static JsonObject Json(HyperDhtProtocol.ConnectionSummary connection)
    {
        ConnectionProtocol.Traffic traffic = connection.Traffic;
        return new JsonObject
        {
            ["publicKey"] = connection.Remote.ToHex(),
            ["address"] = $"{connection.Address}",
            ["path"] = PathOf(connection),
            ["initiator"] = connection.IsInitiator,
            ["openMs"] = Milliseconds(connection.OpenedIn),
            ["rttMs"] = traffic.RoundTrip is { } roundTrip ? Milliseconds(roundTrip) : null,
            ["retransmits"] = traffic.Retransmissions,
            ["lost"] = traffic.LostPackets,
            ["sentPackets"] = traffic.SentPackets,
            ["sentBytes"] = traffic.SentBytes,
            ["receivedBytes"] = traffic.ReceivedBytes,
            ["openSeconds"] = Math.Round(connection.Age.TotalSeconds, 3),
            ["sentBytesPerSecond"] = PerSecond(traffic.SentBytes, connection),
            ["receivedBytesPerSecond"] = PerSecond(traffic.ReceivedBytes, connection),
        };
    }

    public static string Line(HyperDhtProtocol.ConnectionSummary connection)
    {
        ConnectionProtocol.Traffic traffic = connection.Traffic;
        string roundTrip = traffic.RoundTrip is { } time ? $"{time.TotalMilliseconds:0.#} ms" : "? ms";
        double loss = traffic.SentPackets == 0 ? 0 : 100.0 * traffic.LostPackets / traffic.SentPackets;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{connection.Remote}  {PathOf(connection),-8} {connection.Address}  rtt {roundTrip}  {traffic.Retransmissions} resent, {loss:0.##} % lost  "
            + $"{traffic.SentBytes} bytes out, {traffic.ReceivedBytes} in, "
            + $"{PerSecond(traffic.SentBytes, connection)} B/s out, {PerSecond(traffic.ReceivedBytes, connection)} in");
    }

    public static string PathOf(HyperDhtProtocol.ConnectionSummary connection) => connection.Path.ToString().ToLowerInvariant();

    // The mean since the connection is open.
    private static double PerSecond(long bytes, HyperDhtProtocol.ConnectionSummary connection)
        => connection.Age > TimeSpan.Zero ? Math.Round(bytes / connection.Age.TotalSeconds) : 0;

    public static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 3);
}

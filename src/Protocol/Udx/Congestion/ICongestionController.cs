namespace Hyper.Protocol.Udx.Congestion;

/// <summary>Decides how many packets may be in flight and how fast they may leave.</summary>
public interface ICongestionController
{
    /// <summary>Packets that may be in flight.</summary>
    int WindowPackets { get; }

    /// <summary>Packets per second that may leave; infinite when the window alone limits.</summary>
    double PacingRate { get; }

    /// <summary>The path is deliberately kept idle for the most part: how fast packets arrive meanwhile says nothing of it.</summary>
    bool HoldsBack => false;

    /// <summary>The stream starts to send after everything before was acknowledged.</summary>
    void OnRestart(TimeSpan now);

    /// <summary>A packet announced deliveries or losses.</summary>
    void OnAcknowledged(in AcknowledgementSample sample);

    /// <summary>A loss episode begins.</summary>
    void OnLoss(in AcknowledgementSample sample);

    /// <summary>Everything sent before the loss episode was found has been acknowledged.</summary>
    void OnRecovered();

    /// <summary>Nothing was acknowledged for a retransmission timeout.</summary>
    void OnTimeout(int inFlight);
}

/// <summary>What one incoming packet tells about the path; counts are packets.</summary>
/// <param name="Now">When it arrived.</param>
/// <param name="Delivered">Newly delivered.</param>
/// <param name="Lost">Newly declared lost.</param>
/// <param name="InFlight">In flight after the packet was processed.</param>
/// <param name="PriorInFlight">In flight before it.</param>
/// <param name="RoundTrip">Measured round trip, when one could be measured.</param>
/// <param name="TotalDelivered">Delivered since the stream began.</param>
/// <param name="PriorDelivered">That total when the latest of the delivered packets was sent.</param>
/// <param name="DeliveryRate">Packets per second over that time; 0 when it could not be measured.</param>
/// <param name="IsApplicationLimited">The rate was held down by the writer, not by the path.</param>
public readonly record struct AcknowledgementSample(
    TimeSpan Now,
    int Delivered,
    int Lost,
    int InFlight,
    int PriorInFlight,
    TimeSpan? RoundTrip,
    long TotalDelivered,
    long PriorDelivered,
    double DeliveryRate,
    bool IsApplicationLimited);

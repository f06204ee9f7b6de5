namespace Hyper.Protocol.Udx.Congestion;

/// <summary>State of the stream's deliveries when a packet was sent.</summary>
internal readonly record struct DeliverySnapshot(long Delivered, TimeSpan DeliveredAt, TimeSpan FirstSentAt, bool IsApplicationLimited);

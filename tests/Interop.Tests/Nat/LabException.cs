namespace AuctionActors.Interop.Tests.Nat;

/// <summary>The machine did not let the lab be built.</summary>
public sealed class LabException(string message) : Exception(message);

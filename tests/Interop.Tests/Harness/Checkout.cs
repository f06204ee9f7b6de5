using AuctionActors.Tests;

namespace AuctionActors.Interop.Tests.Harness;

/// <summary>Where the checkout that the tests run from keeps its parts.</summary>
public static class Checkout
{
    public static string Root => CheckoutFolder.Root;

    /// <summary>Folder of the JavaScript peers; <c>npm ci</c> has been run in it.</summary>
    public static string Peers => Path.Combine(Root, "tests", "Interop.Tests", "Peers");

    public static string Vectors => Path.Combine(Root, "tests", "Interop.Tests", "Vectors");

    public static string Fixtures => Path.Combine(Root, "tests", "Interop.Tests", "Fixtures");
}

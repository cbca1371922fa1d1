using System.Reflection;
using Grpc.Core.Interceptors;
using Strata.Edge;

namespace Strata.Local.Tests.Access;

[Trait("height", "unit")]
public sealed class CallerBindingTests
{
    /// <summary>A call of a kind that has no method yet would pass a bound key, or a rate, unseen.</summary>
    [Theory]
    [InlineData("CallerBinding")]
    [InlineData("CallerRates")]
    public void Interceptor_LooksAtEveryKindOfCall(string interceptor)
    {
        var looks = typeof(EdgeServices).Assembly.GetType("Strata.Edge.Calls.EachMessage", throwOnError: true)!;
        var kinds = Names(typeof(Interceptor));

        Assert.Equal(4, kinds.Count);
        Assert.Equal(kinds, Names(looks));
        Assert.Equal(looks, typeof(EdgeServices).Assembly.GetType($"Strata.Edge.Calls.{interceptor}", throwOnError: true)!.BaseType);
    }

    private static List<string> Names(Type type)
        =>
        [
            .. type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
                .Select(method => method.Name)
                .Where(name => name.EndsWith("ServerHandler", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
        ];
}

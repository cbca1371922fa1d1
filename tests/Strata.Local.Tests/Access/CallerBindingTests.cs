using System.Reflection;
using Grpc.Core.Interceptors;
using Strata.Edge;

namespace Strata.Local.Tests.Access;

[Trait("height", "unit")]
public sealed class CallerBindingTests
{
    /// <summary>A call of a kind that has no method yet would pass a bound key unseen.</summary>
    [Fact]
    public void CallerBinding_HoldsEveryKindOfCall()
    {
        var binding = typeof(EdgeServices).Assembly.GetType("Strata.Edge.Calls.CallerBinding", throwOnError: true)!;
        var kinds = Names(typeof(Interceptor));

        Assert.Equal(4, kinds.Count);
        Assert.Equal(kinds, Names(binding));
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

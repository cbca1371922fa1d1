using System.Net;
using StackExchange.Redis;
using Strata.ServiceDefaults.Redis;

namespace Strata.ServiceDefaults.Tests.Redis;

[Trait("height", "unit")]
public sealed class RedisOptionsTests
{
    [Theory]
    [InlineData("[::1]:6390", "::1", 6390)]
    [InlineData("[2001:db8::7]:6379,password=p", "2001:db8::7", 6379)]
    [InlineData("127.0.0.1:6390", "127.0.0.1", 6390)]
    public void Configure_Address_IsRead(string text, string address, int port)
    {
        var configuration = RedisConnection.Configure(new RedisOptions { ConnectionString = text });

        Assert.Equal(new IPEndPoint(IPAddress.Parse(address), port), Assert.Single(configuration.EndPoints));
        Assert.False(configuration.AbortOnConnectFail);
    }

    [Fact]
    public void Configure_SeveralEndpointsAndSettings_AreRead()
    {
        var configuration = RedisConnection.Configure(new RedisOptions
        {
            ConnectionString = "redis-0:6379,redis-1:6380,[::1]:6381,user=strata,password=p,ssl=true",
            AttemptTimeout = TimeSpan.FromSeconds(3),
        });

        Assert.Equal(3, configuration.EndPoints.Count);
        Assert.Equal(new DnsEndPoint("redis-1", 6380), configuration.EndPoints[1]);
        Assert.Equal(
            ("strata", "p", true, 3000), (configuration.User, configuration.Password, configuration.Ssl, configuration.AsyncTimeout));
    }

    [Theory]
    [InlineData(RedisErrorKind.Loading, true)]
    [InlineData(RedisErrorKind.NoScript, true)]
    [InlineData(RedisErrorKind.ReadOnly, true)]
    [InlineData(RedisErrorKind.WrongType, false)]
    [InlineData(RedisErrorKind.NoPermission, false)]
    [InlineData(RedisErrorKind.UnknownError, false)]
    public void IsTransient_ServerAnswer_IsToldByItsKind(RedisErrorKind kind, bool transient)
        => Assert.Equal(transient, RedisFaults.IsTransient(new RedisServerException(kind, CommandFlags.None, "answer")));
}

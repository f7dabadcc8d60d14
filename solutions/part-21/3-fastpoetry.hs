-- | The fast poetry server in Haskell: a thread for every reader.
module Main (main) where

import Control.Concurrent (forkFinally)
import Control.Exception (IOException, try)
import Control.Monad (forever, void)
import qualified Data.ByteString as B
import Data.Char (isDigit)
import GHC.IO.Exception (ioe_description)
import Network.Socket
import Network.Socket.ByteString (sendAll)
import System.Environment (getArgs, getProgName)
import System.Exit (die)
import System.IO

parseArgs :: ServiceName -> [String] -> IO (ServiceName, FilePath)
parseArgs _ ("--port" : port : args)
    | null port || not (all isDigit port) = die "Ports must be integers."
    | read port > (65535 :: Integer) = die "Ports must be between 0 and 65535."
    | otherwise = parseArgs port args
parseArgs port [file] = return (port, file)
parseArgs _ _ = do
    name <- getProgName
    die ("usage: " ++ name ++ " [--port PORT] FILE")

-- | Do it, or end the program and say what was not possible, and why.
orDie :: String -> IO a -> IO a
orDie what action = try action >>= either failed return
  where
    failed err = die (what ++ ": " ++ ioe_description (err :: IOException))

listenOn :: ServiceName -> IO Socket
listenOn port = do
    let hints = defaultHints{addrFamily = AF_INET, addrSocketType = Stream}
    address : _ <- getAddrInfo (Just hints) (Just "127.0.0.1") (Just port)
    sock <- openSocket address
    setSocketOption sock ReuseAddr 1
    bind sock (addrAddress address)
    listen sock 50
    return sock

main :: IO ()
main = do
    hSetBuffering stdout LineBuffering
    (port, file) <- getArgs >>= parseArgs "0"
    poem <- orDie ("Cannot read " ++ file) (B.readFile file)
    listening <- orDie ("Cannot listen on port " ++ port) (listenOn port)
    actual <- socketPort listening
    putStrLn ("Serving " ++ file ++ " on port " ++ show actual ++ ".")
    forever $ do
        (reader, _) <- accept listening
        -- a thread may block as long as its reader likes
        void $ forkFinally (sendAll reader poem) (const (close reader))

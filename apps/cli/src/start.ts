console.log('Biquorum');
